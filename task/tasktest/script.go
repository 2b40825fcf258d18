package tasktest

import (
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/task"
)

// world is a store and all that it has acknowledged.
type world struct {
	store   task.Store
	claims  map[int]task.Claim
	records map[int]task.Record
	logs    map[int]string
	ended   []task.Record // those that were removed included
}

func newWorld(s task.Store) *world {
	return &world{s, map[int]task.Claim{}, map[int]task.Record{}, map[int]string{}, nil}
}

// script is a life of a few tasks, in steps of one operation each.
var script = []struct {
	name string
	do   func(t testing.TB, w *world)
}{
	{"create 1", func(t testing.TB, w *world) { w.create(t, 1) }},
	{"create 2", func(t testing.TB, w *world) { w.create(t, 2) }},
	{"1 begins", func(t testing.TB, w *world) { w.update(t, 1, begun) }},
	{"1 logs", func(t testing.TB, w *world) { w.log(t, 1) }},
	{"1 publishes", func(t testing.TB, w *world) { w.publish(t, 1) }},
	{"2 begins", func(t testing.TB, w *world) { w.update(t, 2, begun) }},
	{"1 logs again", func(t testing.TB, w *world) { w.log(t, 1) }},
	{"1 is queued again", func(t testing.TB, w *world) { w.update(t, 1, again) }},
	{"2 ends", func(t testing.TB, w *world) { w.end(t, 2, task.Warning) }},
	{"1 begins again", func(t testing.TB, w *world) { w.update(t, 1, begun) }},
	{"file what has ended", func(t testing.TB, w *world) { w.prune(t, task.Retention{}) }},
	{"create 3", func(t testing.TB, w *world) { w.create(t, 3) }},
	{"1 ends", func(t testing.TB, w *world) { w.end(t, 1, task.Failed) }},
	{"3 is cancelled in the queue", func(t testing.TB, w *world) { w.end(t, 3, task.Cancelled) }},
	{"create 4", func(t testing.TB, w *world) { w.create(t, 4) }},
	{"remove 1", func(t testing.TB, w *world) {
		w.prune(t, task.Retention{Count: 2})
		delete(w.records, 1)
		delete(w.logs, 1)
	}},
	{"4 is given up", func(t testing.TB, w *world) { require.NoError(t, w.claims[4].Release()) }},
}

func (w *world) create(t testing.TB, n int) {
	w.claims[n], w.records[n] = create(t, w.store, sample(n)), sample(n)
}

func (w *world) update(t testing.TB, n int, change func(task.Record) task.Record) {
	w.records[n] = update(t, w.claims[n], change(w.records[n]))
}

func (w *world) end(t testing.TB, n int, s task.State) {
	w.update(t, n, func(r task.Record) task.Record {
		r = over(r, s)
		r.LogSize = int64(len(w.logs[n]))
		return r
	})
	w.ended = append(w.ended, w.records[n])
}

func (w *world) log(t testing.TB, n int) {
	appendLog(t, w.claims[n], aLine)
	w.logs[n] += aLine
}

// publish is of what need not outlast a crash.
func (w *world) publish(t testing.TB, n int) {
	require.NoError(t, w.claims[n].Publish(snapshot(newYear, 1)))
}

func (w *world) prune(t testing.TB, keep task.Retention) { prune(t, w.store, keep, newYear) }

// requireAll checks that everything that was acknowledged is there, and nothing else.
func (w *world) requireAll(t testing.TB, s task.Store, where string) {
	t.Helper()
	want := slices.Collect(maps.Values(w.records))
	got := listAll(t, s, task.Query{Limit: 2})
	for i := range got {
		if got[i].State == task.Running {
			got[i].Progress = w.records[int(got[i].UPID.TaskID)].Progress // not durable
		}
	}
	require.ElementsMatch(t, want, got, where)
	for n, r := range w.records {
		require.Equal(t, w.logs[n], logText(t, s, r.UPID), "%s: log of task %d", where, n)
	}
	require.Equal(t, naiveTotals(w.ended), totalsOf(t, s, time.Time{}, time.Time{}), where)
}
