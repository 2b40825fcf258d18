package tasktest

import (
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/task"
	"github.com/heirloom-backup/heirloom/task/remedy"
)

var recoverRules = []rule[*place]{
	{"recover what has no owner", "Recover asks about each task that has not ended and has no owner, and about no other.",
		recoverOrphans},
	{"verdict: interrupted", "The task has failed, with CodeInterrupted, and its record says how large the log is.",
		recoverInterrupted},
	{"verdict: queue again", "The task is queued, and the caller's, who may work on it as on a new one.", recoverAgain},
	{"verdict: leave alone", "The task stays as it is, without an owner.", recoverLeaves},
	{"recover twice", "What has been recovered has an owner or has ended: a second look finds nothing.", recoverTwice},
	{"recover at the same time", "Of those who look at the same time each task is for one.", recoverAtOnce},
	{"recover with the clock set back", "A task does not end before it began, whatever the clock says.", recoverEarlier},
}

// orphan makes a task that has no owner any more, and returns its record.
func orphan(t testing.TB, s task.Store, r task.Record, running bool) task.Record {
	t.Helper()
	c := create(t, s, r)
	if running {
		update(t, c, begun(r))
	}
	appendLog(t, c, aLine)
	require.NoError(t, c.Release())
	return c.Record()
}

func recoverOrphans(t testing.TB, p *place) {
	here, elsewhere := p.store(t), p.store(t)
	create(t, here, sample(1))
	start(t, here, sample(2))
	finish(t, here, sample(3), task.OK)
	orphans := []task.Record{orphan(t, here, sample(4), false), orphan(t, here, sample(5), true)}
	start(t, elsewhere, sample(6))
	for _, s := range []task.Store{elsewhere, here} {
		var asked []task.Record
		claims, err := s.Recover(t.Context(), newYear, func(r task.Record) task.Verdict {
			asked = append(asked, r)
			return task.LeaveAlone
		})
		require.NoError(t, err)
		require.Empty(t, claims)
		require.ElementsMatch(t, orphans, asked)
	}
}

func recoverInterrupted(t testing.TB, p *place) {
	here, elsewhere := p.store(t), p.store(t)
	now := newYear.Add(time.Hour)
	for n, running := range []bool{false, true} {
		before := orphan(t, here, sample(n), running)
		require.Empty(t, recoverAll(t, elsewhere, task.Interrupted))
		got, err := here.Get(t.Context(), before.UPID)
		require.NoError(t, err)
		require.Equal(t, before.AfterInterruption(task.Interrupted, got.Ended, int64(len(aLine))), got)
		require.Equal(t, task.Failed, got.State)
		require.Equal(t, remedy.CodeInterrupted, got.Failure.Code)
		require.False(t, got.Ended.Before(before.Created), "the last sign of life is not before the first")
		require.False(t, got.Ended.After(now), "and not in the future")
		require.Equal(t, aLine, logText(t, here, before.UPID))
		log, err := here.OpenLog(t.Context(), before.UPID)
		require.NoError(t, err)
		requireEnded(t, log, true)
		require.NoError(t, log.Close())
	}
	require.EqualValues(t, 2, totalsOf(t, here, time.Time{}, time.Time{})[0].Tasks)
}

func recoverAgain(t testing.TB, p *place) {
	here, elsewhere := p.store(t), p.store(t)
	for n, running := range []bool{false, true} {
		before := orphan(t, here, sample(n), running)
		claims := recoverAll(t, elsewhere, task.QueueAgain)
		require.Len(t, claims, 1)
		c := claims[0]
		require.Equal(t, before.AfterInterruption(task.QueueAgain, newYear, 0), c.Record())
		requireRecord(t, here, c.Record())
		require.EqualValues(t, len(aLine), c.Log().Size())
		update(t, c, begun(c.Record()))
		appendLog(t, c, aLine)
		requireRecord(t, here, update(t, c, over(c.Record(), task.OK)))
		require.Equal(t, aLine+aLine, logText(t, here, before.UPID))
	}
}

func recoverLeaves(t testing.TB, p *place) {
	here, elsewhere := p.store(t), p.store(t)
	before := orphan(t, here, sample(1), true)
	require.Empty(t, recoverAll(t, elsewhere, task.LeaveAlone))
	requireRecord(t, elsewhere, before)
	require.Len(t, recoverAll(t, here, task.QueueAgain), 1)
}

func recoverTwice(t testing.TB, p *place) {
	here, elsewhere := p.store(t), p.store(t)
	orphan(t, here, sample(1), true)
	orphan(t, here, sample(2), true)
	byParity := func(r task.Record) task.Verdict {
		if r.UPID.TaskID%2 == 0 {
			return task.QueueAgain
		}
		return task.Interrupted
	}
	claims, err := elsewhere.Recover(t.Context(), newYear.Add(time.Hour), byParity)
	require.NoError(t, err)
	require.Len(t, claims, 1)
	for _, s := range []task.Store{here, elsewhere} {
		_, err := s.Recover(t.Context(), newYear, func(r task.Record) task.Verdict {
			require.Fail(t, "asked again", "%s", r.UPID)
			return task.LeaveAlone
		})
		require.NoError(t, err)
	}
}

func recoverAtOnce(t testing.TB, p *place) {
	here := p.store(t)
	var want []task.UPID
	for n := range 20 {
		want = append(want, orphan(t, here, sample(n), n%2 == 0).UPID)
	}
	var mu sync.Mutex
	var got []task.UPID
	var group sync.WaitGroup
	for _, s := range []task.Store{here, p.store(t), p.store(t)} {
		group.Go(func() {
			claims, err := s.Recover(t.Context(), newYear, func(task.Record) task.Verdict { return task.QueueAgain })
			mu.Lock()
			defer mu.Unlock()
			if err != nil {
				t.Errorf("recover: %v", err)
			}
			for _, c := range claims {
				got = append(got, c.Record().UPID)
			}
		})
	}
	group.Wait()
	slices.SortFunc(got, task.UPID.Compare)
	require.Equal(t, want, got)
}

func recoverEarlier(t testing.TB, p *place) {
	s := p.store(t)
	before := orphan(t, s, sample(1), true)
	_, err := s.Recover(t.Context(), before.Started.Add(-time.Hour), func(task.Record) task.Verdict { return task.Interrupted })
	require.NoError(t, err)
	got, err := s.Get(t.Context(), before.UPID)
	require.NoError(t, err)
	require.Equal(t, before.Started, got.Ended)
}
