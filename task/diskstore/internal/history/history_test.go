package history

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/dgraph-io/badger/v4"
	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/task"
	"github.com/heirloom-backup/heirloom/task/progress"
)

func TestWhatWasAddedIsThereLater(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "made", "on the way")
	records := samples(300)
	add(t, dir, records[:100]...)
	add(t, dir, records[100:]...)

	open(t, dir, Options{ReadOnly: true}) // two may read
	db := open(t, dir, Options{ReadOnly: true})
	for _, want := range records {
		got, err := db.Get(t.Context(), want.UPID)
		require.NoError(t, err)
		require.Equal(t, want, got)
	}
	_, err := db.Get(t.Context(), sample(1<<40, firstDay, "backup", "root", task.OK).UPID)
	require.ErrorIs(t, err, task.ErrNotFound)
	n, err := db.Count(t.Context())
	require.NoError(t, err)
	require.Equal(t, len(records), n)
}

func TestRecordsOfAnySize(t *testing.T) {
	small := sample(1, firstDay, "backup", "root", task.OK)
	large, tooLarge := small, small
	large.UPID.TaskID, tooLarge.UPID.TaskID = 2, 3
	large.Key = strings.Repeat("k", MaxRecord-2000)
	tooLarge.Key = strings.Repeat("k", MaxRecord)

	db := open(t, t.TempDir(), Options{})
	require.NoError(t, db.Add(t.Context(), []task.Record{large, small, large}))
	err := db.Add(t.Context(), []task.Record{sample(4, firstDay, "backup", "root", task.OK), tooLarge})
	require.ErrorIs(t, err, ErrTooLarge)
	require.ErrorContains(t, err, tooLarge.UPID.String())
	require.Equal(t, []task.Record{large, small}, list(t, db, task.Query{}), "one refused record, and nothing is added")
}

func TestNamesThatAreNotUTF8(t *testing.T) {
	r := sample(1, firstDay, "backup", "root", task.OK)
	r.Source = "/home/\xff\xfe"
	const read = "/home/\uFFFD\uFFFD" // as JSON has it
	db := open(t, t.TempDir(), Options{})
	require.NoError(t, db.Add(t.Context(), []task.Record{r}))
	found := list(t, db, task.Query{Subjects: []string{read}})
	require.Len(t, found, 1)
	require.Equal(t, read, found[0].Source)
	_, err := db.Prune(t.Context(), task.Retention{Age: time.Hour}, firstDay.AddDate(1, 0, 0))
	require.NoError(t, err)
	require.Zero(t, countKeys(t, db))
}

func TestAddRefuses(t *testing.T) {
	running := sample(1, firstDay, "backup", "root", task.Running)
	nameless := sample(1, firstDay, "", "root", task.OK)
	for name, r := range map[string]task.Record{"a task that runs": running, "a UPID that breaks a rule": nameless} {
		t.Run(name, func(t *testing.T) {
			db := open(t, t.TempDir(), Options{})
			require.ErrorContains(t, db.Add(t.Context(), []task.Record{r}), "add record of task")
			require.Empty(t, list(t, db, task.Query{}))
		})
	}
	t.Run("anything when open for reading", func(t *testing.T) {
		db := open(t, t.TempDir(), Options{ReadOnly: true})
		require.ErrorIs(t, db.Add(t.Context(), nil), ErrReadOnly)
		_, err := db.Prune(t.Context(), task.Retention{Count: 1}, firstDay)
		require.ErrorIs(t, err, ErrReadOnly)
	})
}

func TestAFolderWithoutADatabaseIsEmpty(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "absent")
	db := open(t, dir, Options{ReadOnly: true})
	require.Empty(t, list(t, db, task.Query{}))
	sums, err := db.Totals(t.Context(), time.Time{}, time.Time{})
	require.NoError(t, err)
	require.Empty(t, sums)
	_, err = db.Get(t.Context(), samples(1)[0].UPID)
	require.ErrorIs(t, err, task.ErrNotFound)
	_, err = os.Stat(dir)
	require.ErrorIs(t, err, os.ErrNotExist, "reading makes no folder")
}

func TestAnEndedContextStopsEverything(t *testing.T) {
	db := open(t, t.TempDir(), Options{})
	records := samples(10)
	require.NoError(t, db.Add(t.Context(), records))
	ended, cancel := context.WithCancel(t.Context())
	cancel()

	require.ErrorIs(t, db.Add(ended, samples(1)), context.Canceled)
	_, err := db.Get(ended, records[0].UPID)
	require.ErrorIs(t, err, context.Canceled)
	_, err = db.Totals(ended, time.Time{}, time.Time{})
	require.ErrorIs(t, err, context.Canceled)
	_, err = db.Prune(ended, task.Retention{Count: 1}, firstDay)
	require.ErrorIs(t, err, context.Canceled)
	for _, q := range []task.Query{{}, {Types: sampleTypes}, {Text: "x"}} {
		var failures []error
		for _, err := range db.List(ended, q) {
			failures = append(failures, err)
		}
		require.Len(t, failures, 1)
		require.ErrorIs(t, failures[0], context.Canceled)
	}
}

func TestACursorThatIsNoneIsAnError(t *testing.T) {
	db := open(t, t.TempDir(), Options{})
	require.NoError(t, db.Add(t.Context(), samples(3)))
	for _, err := range db.List(t.Context(), task.Query{After: "yesterday"}) {
		require.ErrorContains(t, err, "cursor")
		return
	}
	t.Fatal("no error")
}

func TestTotals(t *testing.T) {
	nextDay := firstDay.AddDate(0, 0, 1)
	records := []task.Record{
		sample(1, firstDay, "backup", "a", task.OK),
		sample(2, firstDay.Add(time.Hour), "backup", "b", task.OK),
		sample(3, firstDay, "backup", "a", task.Cancelled),
		sample(4, firstDay, "backup", "a", task.Warning),
		sample(5, firstDay, "backu", "a", task.OK),
		sample(6, nextDay.Add(-time.Second), "verify", "a", task.Failed),
		sample(7, nextDay, "backup", "a", task.OK),
	}
	dir := t.TempDir()
	add(t, dir, records[:4]...)
	add(t, dir, records...) // again, and more
	db := open(t, dir, Options{})
	_, err := db.Prune(t.Context(), task.Retention{Count: 1}, nextDay)
	require.NoError(t, err)

	total := func(day time.Time, kind string, state task.State, tasks int64, kib int64) task.Total {
		return task.Total{Day: day, Type: kind, State: state, Tasks: tasks, Duration: time.Duration(tasks) * time.Minute,
			Work: progress.Count{Items: 20 * tasks, Bytes: kib << 10, Transferred: tasks << 10}}
	}
	warned := total(firstDay, "backup", task.Warning, 1, 4)
	warned.Warnings = 1
	want := []task.Total{
		total(firstDay, "backu", task.OK, 1, 5),
		total(firstDay, "backup", task.Cancelled, 1, 3),
		total(firstDay, "backup", task.OK, 2, 1+2),
		warned,
		total(firstDay, "verify", task.Failed, 1, 6),
		total(nextDay, "backup", task.OK, 1, 7),
	}
	noon := 12 * time.Hour
	for name, c := range map[string]struct {
		since, until time.Time
		want         []task.Total
	}{
		"all":         {want: want},
		"one day":     {firstDay.Add(noon), firstDay.Add(noon), want[:5]},
		"from a day":  {since: nextDay.Add(noon), want: want[5:]},
		"up to a day": {until: firstDay, want: want[:5]},
		"none":        {since: nextDay.Add(48 * time.Hour)},
		"before 1970": {until: time.Unix(-1e12, 0)},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := db.Totals(t.Context(), c.since, c.until)
			require.NoError(t, err)
			require.Equal(t, c.want, got)
		})
	}
}

func TestPrune(t *testing.T) {
	const n = 600 // more than two batches
	day := 24 * time.Hour
	now := firstDay.Add(n * day)
	for name, c := range map[string]struct {
		keep task.Retention
		left int
	}{
		"nothing said":      {task.Retention{}, n},
		"by count":          {task.Retention{Count: 10}, 10},
		"by a large count":  {task.Retention{Count: n + 1}, n},
		"by age":            {task.Retention{Age: 5 * day}, 5},
		"by a great age":    {task.Retention{Age: 10 * n * day}, n},
		"by age, then less": {task.Retention{Age: 5 * day, Count: 3}, 3},
		"by count, or less": {task.Retention{Age: 3 * day, Count: 5}, 3},
	} {
		t.Run(name, func(t *testing.T) {
			var records []task.Record
			for i := range n {
				at := firstDay.Add(time.Duration(i) * day)
				records = append(records, sample(uint64(i), at, "backup", "root", task.FinalStates()[i%4]))
			}
			db := open(t, t.TempDir(), Options{})
			require.NoError(t, db.Add(t.Context(), records))
			removed, err := db.Prune(t.Context(), c.keep, now)
			require.NoError(t, err)
			require.Len(t, removed, n-c.left)
			for i, at := range removed {
				require.Equal(t, records[i].UPID.Position(), at)
			}
			require.Len(t, list(t, db, task.Query{}), c.left)
			require.Len(t, list(t, db, task.Query{Types: []string{"backup"}}), c.left, "the index agrees")
			require.Equal(t, c.left*keysOfARecord, countKeys(t, db))
		})
	}
}

// keysOfARecord is how many keys a sample without subject has, without its total.
const keysOfARecord = 1 + 4

func countKeys(t *testing.T, db *DB) (n int) {
	for _, kind := range []byte{recordKind, indexKind, indexKind | 1, indexKind | 2, indexKind | 3, indexKind | 4, indexKind | 5, indexKind | 6, indexKind | 7} {
		require.NoError(t, db.view(func(txn *badger.Txn) error {
			c := newCursor(txn, []byte{kind})
			defer c.close()
			for _, err := range c.keys(t.Context(), nil) {
				require.NoError(t, err)
				n++
			}
			return nil
		}))
	}
	return n
}

func TestBreakingOutOfAListFreesIt(t *testing.T) {
	db := open(t, t.TempDir(), Options{}) // badger panics over an iterator that is left open
	records := samples(100)
	require.NoError(t, db.Add(t.Context(), records))
	for _, q := range []task.Query{{}, {Types: sampleTypes}} {
		for r, err := range db.List(t.Context(), q) {
			require.NoError(t, err)
			require.Equal(t, records[99], r)
			break
		}
	}
}

func TestAPanicOfTheCallerIsNotSwallowed(t *testing.T) {
	db := open(t, t.TempDir(), Options{})
	require.NoError(t, db.Add(t.Context(), samples(3)))
	require.PanicsWithError(t, "mine", func() {
		for range db.List(t.Context(), task.Query{}) {
			panic(errors.New("mine"))
		}
	})
}
