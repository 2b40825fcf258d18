package history

import (
	"fmt"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/heirloom-backup/heirloom/task"
)

// model is what a DB is to do, done in the plainest way.
type model struct {
	records []task.Record
	totals  map[task.Total]int64 // how many tasks, by day, type and state
}

func (m *model) add(records []task.Record) {
	for _, r := range records {
		if slices.ContainsFunc(m.records, func(o task.Record) bool { return o.UPID == r.UPID }) {
			continue
		}
		m.records = append(m.records, r)
		day := r.UPID.Time().Truncate(24 * time.Hour)
		m.totals[task.Total{Day: day, Type: r.UPID.Type, State: r.State}]++
	}
	slices.SortFunc(m.records, func(a, b task.Record) int { return b.UPID.Compare(a.UPID) })
}

func (m *model) list(t *rapid.T, q task.Query) []task.UPID {
	after, err := q.After.Position()
	require.NoError(t, err)
	var found []task.UPID
	for _, r := range m.records {
		at := r.UPID.Position()
		behind := after.IsZero() || slices.Compare(at[:], after[:]) < 0
		if behind && q.Match(&r) {
			found = append(found, r.UPID)
		}
	}
	return found
}

func (m *model) prune(keep task.Retention, now time.Time) (removed []task.Position) {
	var left []task.Record
	for i, r := range m.records {
		old := keep.Age > 0 && r.UPID.Time().Before(now.Add(-keep.Age))
		if old || keep.Count > 0 && i >= keep.Count {
			removed = append(removed, r.UPID.Position())
		} else {
			left = append(left, r)
		}
	}
	m.records = left
	slices.Reverse(removed)
	return removed
}

// The values that drawn records and queries have: few, so that they meet.
var (
	drawnTypes    = []string{"backup", "verify", "gc"}
	drawnUsers    = []string{"root@pam", "ops", "ops!token"}
	drawnSubjects = []string{"", "vm/1", "vm/2", "store", "a\"b<c"}
	drawnTexts    = []string{"", "", "vm/", "SPACE", "denied", "a\"B", "no such text", "\u212Am"}
)

func drawRecord(t *rapid.T) task.Record {
	at := firstDay.Add(time.Duration(rapid.IntRange(0, 200).Draw(t, "half hours")) * 30 * time.Minute)
	state := rapid.SampledFrom(task.FinalStates()).Draw(t, "state")
	number := uint64(rapid.IntRange(0, 3).Draw(t, "number"))
	r := sample(number, at, rapid.SampledFrom(drawnTypes).Draw(t, "type"), rapid.SampledFrom(drawnUsers).Draw(t, "user"), state)
	r.Source = rapid.SampledFrom(drawnSubjects).Draw(t, "source")
	r.Target = rapid.SampledFrom(drawnSubjects).Draw(t, "target")
	return r
}

func drawQuery(t *rapid.T, m *model) task.Query {
	some := func(name string, from []string) []string {
		return rapid.SliceOfN(rapid.SampledFrom(append(from, "unknown")), 0, 3).Draw(t, name)
	}
	q := task.Query{
		Types:    some("types", drawnTypes),
		Users:    some("users", drawnUsers),
		Subjects: some("subjects", drawnSubjects),
		States:   rapid.SliceOfN(rapid.SampledFrom(task.States()), 0, 3).Draw(t, "states"),
		Text:     rapid.SampledFrom(drawnTexts).Draw(t, "text"),
	}
	if rapid.Bool().Draw(t, "many users") {
		for i := range 300 {
			q.Users = append(q.Users, fmt.Sprint("nobody-", i))
		}
	}
	moment := func(name string) time.Time {
		return firstDay.Add(time.Duration(rapid.IntRange(-1, 200*60).Draw(t, name)) * 29500 * time.Millisecond)
	}
	if rapid.Bool().Draw(t, "with since") {
		q.Since = moment("since")
	}
	if rapid.Bool().Draw(t, "with until") {
		q.Until = moment("until")
	}
	if len(m.records) > 0 && rapid.Bool().Draw(t, "with cursor") {
		q.After = task.CursorAt(rapid.SampledFrom(m.records).Draw(t, "after").UPID.Position())
	}
	return q
}

// machine drives a DB and its model side by side.
type machine struct {
	t     *testing.T
	dir   string
	db    *DB
	model model
}

func (m *machine) Add(t *rapid.T) {
	records := rapid.SliceOfN(rapid.Custom(drawRecord), 0, 20).Draw(t, "records")
	require.NoError(t, m.db.Add(m.t.Context(), records))
	m.model.add(records)
}

func (m *machine) AddAgain(t *rapid.T) {
	require.NoError(t, m.db.Add(m.t.Context(), m.model.records))
}

func (m *machine) Prune(t *rapid.T) {
	keep := task.Retention{
		Age:   time.Duration(rapid.IntRange(0, 100).Draw(t, "hours")) * time.Hour,
		Count: rapid.IntRange(0, 40).Draw(t, "count"),
	}
	now := firstDay.Add(100 * time.Hour)
	removed, err := m.db.Prune(m.t.Context(), keep, now)
	require.NoError(t, err)
	require.Equal(t, m.model.prune(keep, now), removed)
}

func (m *machine) Reopen(t *rapid.T) {
	require.NoError(t, m.db.Close())
	var err error
	m.db, err = Open(m.dir, Options{})
	require.NoError(t, err)
}

func (m *machine) List(t *rapid.T) {
	q := drawQuery(t, &m.model)
	var found []task.UPID
	for r, err := range m.db.List(m.t.Context(), q) {
		require.NoError(t, err)
		found = append(found, r.UPID)
	}
	require.Equal(t, m.model.list(t, q), found)
}

// Pages goes through a query page by page, while records arrive: those that were there all the time are seen once each.
func (m *machine) Pages(t *rapid.T) {
	q := drawQuery(t, &m.model)
	q.After = ""
	before := m.model.list(t, q)
	size := rapid.IntRange(1, 7).Draw(t, "page")
	seen := map[task.UPID]int{}
	for more := true; more; {
		n := 0
		for r, err := range m.db.List(m.t.Context(), q) {
			require.NoError(t, err)
			seen[r.UPID]++
			q.After = task.CursorAt(r.UPID.Position())
			if n++; n == size {
				break
			}
		}
		more = n == size
		if rapid.IntRange(0, 5).Draw(t, "arrivals") == 0 {
			m.Add(t)
		}
	}
	for id, times := range seen {
		require.Equal(t, 1, times, id)
	}
	for _, id := range before {
		require.Contains(t, seen, id)
	}
}

// Check holds after each step.
func (m *machine) Check(t *rapid.T) {
	n, err := m.db.Count(m.t.Context())
	require.NoError(t, err)
	require.Equal(t, len(m.model.records), n)
	sums, err := m.db.Totals(m.t.Context(), time.Time{}, time.Time{})
	require.NoError(t, err)
	require.Len(t, sums, len(m.model.totals))
	for _, sum := range sums {
		require.Equal(t, m.model.totals[task.Total{Day: sum.Day, Type: sum.Type, State: sum.State}], sum.Tasks)
	}
}

func TestAgainstAModel(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		dir, err := os.MkdirTemp(t.TempDir(), "")
		require.NoError(rt, err)
		db, err := Open(dir, Options{})
		require.NoError(rt, err)
		m := &machine{t: t, dir: dir, db: db, model: model{totals: map[task.Total]int64{}}}
		defer func() { require.NoError(rt, m.db.Close()) }()
		rt.Repeat(map[string]func(*rapid.T){
			"": m.Check, "add": m.Add, "add again": m.AddAgain, "prune": m.Prune, "reopen": m.Reopen,
			"list": m.List, "list more": m.List, "pages": m.Pages,
		})
	})
}
