package tasktest

import (
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/task"
)

var closeRules = []rule[*place]{
	{"reopen", "What was there before Close is there after it.", reopened},
	{"close ends claims", "The tasks of a store that was closed have no owner: whoever had a claim changes nothing any " +
		"more, also when it is given up.", closedClaims},
	{"close at work", "Close may come at any time: what a method has returned from is there, and nothing is done after it.",
		closedAtWork},
	{"closed store", "A store that was closed takes on nothing, and may be closed again.", closedStore},
}

func reopened(t testing.TB, p *place) {
	s := p.store(t)
	all := mixed(t, s, 30)
	sums := totalsOf(t, s, time.Time{}, time.Time{})
	require.NoError(t, s.Close())
	s = p.store(t)
	require.Equal(t, all, listAll(t, s, task.Query{}))
	require.Equal(t, sums, totalsOf(t, s, time.Time{}, time.Time{}))
}

func closedClaims(t testing.TB, p *place) {
	s := p.store(t)
	old := start(t, s, sample(1))
	appendLog(t, old, aLine)
	require.NoError(t, s.Close())

	s = p.store(t)
	claims := recoverAll(t, s, task.QueueAgain)
	require.Len(t, claims, 1)
	next := claims[0]
	running := update(t, next, begun(next.Record()))
	require.Error(t, old.Update(t.Context(), over(old.Record(), task.Failed)))
	require.Error(t, old.Publish(snapshot(newYear, 1)))
	_, err := old.Log().Write([]byte("of an owner that is none\n"))
	require.Error(t, err)
	_ = old.Release() // whatever it says
	requireRecord(t, p.store(t), running)
	last := update(t, next, over(running, task.OK))
	requireRecord(t, p.store(t), last)
	require.Equal(t, aLine, logText(t, s, last.UPID))
}

func closedAtWork(t testing.TB, p *place) {
	s := p.store(t)
	var mu sync.Mutex
	ended := map[task.UPID]task.Record{}
	atWork := make(chan int, 4)
	var workers sync.WaitGroup
	for w := range 4 {
		workers.Go(func() {
			for n := 0; ; n++ {
				r, err := lifetime(t, s, sample(1_000_000*w+n))
				if err != nil {
					return
				}
				mu.Lock()
				ended[r.UPID] = r
				mu.Unlock()
				if n == 0 {
					atWork <- w
				}
			}
		})
	}
	for range 4 {
		within(t, p, atWork, "the end of a task")
	}
	require.NoError(t, s.Close())
	workers.Wait()

	s = p.store(t)
	before := listAll(t, s, task.Query{})
	for _, r := range before {
		if want, ok := ended[r.UPID]; ok {
			require.Equal(t, want, r)
			delete(ended, r.UPID)
		}
	}
	require.Empty(t, ended, "tasks that are lost")
	recoverAll(t, s, task.Interrupted)
	require.Empty(t, listAll(t, s, task.Query{States: []task.State{task.Queued, task.Running}}), "tasks that are stuck")
}

func closedStore(t testing.TB, p *place) {
	s := p.store(t)
	finish(t, s, sample(1), task.OK)
	require.NoError(t, s.Close())
	require.NoError(t, s.Close())
	_, err := s.Create(t.Context(), sample(2))
	require.ErrorIs(t, err, task.ErrClosed)
	require.Len(t, listAll(t, p.store(t), task.Query{}), 1)
}
