package tasktest

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/task"
)

var pruneRules = []rule[*place]{
	{"prune nothing", "A retention that says nothing keeps all.", pruneNothing},
	{"prune by count", "Only so many records stay, the newest; what has not ended is not counted and stays.", pruneByCount},
	{"prune by age", "Records older than the age go; what has not ended stays, however old.", pruneByAge},
	{"prune logs", "Logs may go before their records; then ErrNoLog says so.", pruneLogs},
	{"prune by all", "Each bound holds, whatever the others say.", pruneByAll},
	{"prune again", "What is gone is gone once: a second time there is nothing to do.", pruneAgain},
}

// tenTasks makes tasks of which the even ones have ended, a minute apart; it returns the records, the oldest first.
func tenTasks(t testing.TB, s task.Store) (all []task.Record) {
	t.Helper()
	for n := range 10 {
		r := sampleAt(n, newYear.Add(time.Duration(n)*time.Minute))
		if n%2 == 0 {
			all = append(all, finish(t, s, r, task.OK))
			continue
		}
		c := start(t, s, r)
		appendLog(t, c, aLine)
		all = append(all, c.Record())
	}
	return all
}

func prune(t testing.TB, s task.Store, keep task.Retention, now time.Time) task.Pruned {
	t.Helper()
	gone, err := s.Prune(t.Context(), keep, now)
	require.NoError(t, err)
	return gone
}

// requireKept checks which tasks have records, and which have logs.
func requireKept(t testing.TB, s task.Reader, all []task.Record, records, logs []int) {
	t.Helper()
	kept, logged := []int{}, []int{}
	for n, r := range all {
		got, err := s.Get(t.Context(), r.UPID)
		if err == nil {
			require.Equal(t, r, got)
			kept = append(kept, n)
		} else {
			require.ErrorIs(t, err, task.ErrNotFound)
		}
		log, openErr := s.OpenLog(t.Context(), r.UPID)
		switch {
		case openErr == nil:
			require.Equal(t, aLine, textOf(t, log))
			require.NoError(t, log.Close())
			logged = append(logged, n)
		case err == nil:
			require.ErrorIs(t, openErr, task.ErrNoLog)
		default:
			require.ErrorIs(t, openErr, task.ErrNotFound)
		}
	}
	require.Equal(t, records, kept, "records")
	require.Equal(t, logs, logged, "logs")
	require.Len(t, listAll(t, s, task.Query{}), len(records))
}

var everyTask = []int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}

func pruneNothing(t testing.TB, p *place) {
	s := p.store(t)
	all := tenTasks(t, s)
	require.Zero(t, prune(t, s, task.Retention{}, newYear.Add(1000*time.Hour)))
	requireKept(t, s, all, everyTask, everyTask)
}

func pruneByCount(t testing.TB, p *place) {
	s := p.store(t)
	all := tenTasks(t, s)
	gone := prune(t, s, task.Retention{Count: 2}, newYear)
	require.Equal(t, task.Pruned{Records: 3, Logs: 3, Bytes: int64(3 * len(aLine))}, gone)
	kept := []int{1, 3, 5, 6, 7, 8, 9}
	requireKept(t, s, all, kept, kept)
	requireKept(t, p.store(t), all, kept, kept)
}

func pruneByAge(t testing.TB, p *place) {
	s := p.store(t)
	all := tenTasks(t, s)
	gone := prune(t, s, task.Retention{Age: 4 * time.Minute}, all[8].Created) // number 4 is as old as that, and not older
	require.Equal(t, task.Pruned{Records: 2, Logs: 2, Bytes: int64(2 * len(aLine))}, gone)
	kept := []int{1, 3, 4, 5, 6, 7, 8, 9}
	requireKept(t, s, all, kept, kept)
}

func pruneLogs(t testing.TB, p *place) {
	for name, keep := range map[string]task.Retention{"count": {LogCount: 2}, "age": {LogAge: 3 * time.Minute}} {
		p := newPlace(t, p.harness)
		s := p.store(t)
		all := tenTasks(t, s)
		gone := prune(t, s, keep, all[8].Created)
		require.Equal(t, task.Pruned{Logs: 3, Bytes: int64(3 * len(aLine))}, gone, name)
		requireKept(t, s, all, everyTask, []int{1, 3, 5, 6, 7, 8, 9})
		requireKept(t, p.store(t), all, everyTask, []int{1, 3, 5, 6, 7, 8, 9})
	}
}

func pruneByAll(t testing.TB, p *place) {
	s := p.store(t)
	all := tenTasks(t, s)
	keep := task.Retention{Count: 4, Age: 5 * time.Minute, LogCount: 1, LogAge: 3 * time.Minute}
	gone := prune(t, s, keep, all[8].Created)
	require.Equal(t, task.Pruned{Records: 2, Logs: 4, Bytes: int64(4 * len(aLine))}, gone)
	requireKept(t, s, all, []int{1, 3, 4, 5, 6, 7, 8, 9}, []int{1, 3, 5, 7, 8, 9})
}

func pruneAgain(t testing.TB, p *place) {
	s := p.store(t)
	all := tenTasks(t, s)
	keep := task.Retention{Count: 4, LogCount: 3}
	prune(t, s, keep, newYear)
	require.Zero(t, prune(t, s, keep, newYear))
	requireKept(t, s, all, everyTask[1:], []int{1, 3, 4, 5, 6, 7, 8, 9})
}
