package tasktest

import (
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/task"
)

var concurrencyRules = []rule[*place]{
	{"everything at the same time", "A store is safe for concurrent use, also by several of the same place.", everythingAtOnce},
}

// everythingAtOnce lets tasks come and go in two stores while others list, sum up, recover and prune.
func everythingAtOnce(t testing.TB, p *place) {
	stores := []task.Store{p.store(t), p.store(t)}
	const each = 15
	var workers, watchers sync.WaitGroup
	var mu sync.Mutex
	var ended []task.Record
	for w := range 4 {
		workers.Go(func() {
			for n := range each {
				r, err := lifetime(t, stores[w%2], sample(100*w+n))
				if err != nil {
					t.Errorf("task %d of worker %d: %v", n, w, err)
					return
				}
				mu.Lock()
				ended = append(ended, r)
				mu.Unlock()
			}
		})
	}
	done := make(chan struct{})
	for _, s := range stores {
		watchers.Go(func() { watchOver(t, s, done) })
	}
	workers.Wait()
	close(done)
	watchers.Wait()
	require.Len(t, ended, 4*each)
	for _, s := range stores {
		require.ElementsMatch(t, ended, listAll(t, s, task.Query{Limit: 7}))
		require.Equal(t, naiveTotals(ended), totalsOf(t, s, time.Time{}, time.Time{}))
	}
}

// lifetime is all that an owner does with a task.
func lifetime(t testing.TB, s task.Store, r task.Record) (task.Record, error) {
	c, err := s.Create(t.Context(), r)
	if err != nil {
		return r, err
	}
	if err := c.Update(t.Context(), begun(r)); err != nil {
		return r, err
	}
	var side sync.WaitGroup
	side.Go(func() { _ = c.Publish(snapshot(r.Created, 1)) }) // may come too late
	_, err = c.Log().Write([]byte(aLine))
	side.Wait()
	if err != nil {
		return r, err
	}
	last := over(begun(r), task.OK)
	last.LogSize = c.Log().Size()
	return last, c.Update(t.Context(), last)
}

// watchOver does what others do with a store, until done.
func watchOver(t testing.TB, s task.Store, done <-chan struct{}) {
	for {
		_, err := s.List(t.Context(), task.Query{Limit: 5})
		if err == nil {
			_, err = s.Totals(t.Context(), time.Time{}, time.Time{})
		}
		if err == nil {
			_, err = s.Recover(t.Context(), newYear, func(task.Record) task.Verdict { return task.Interrupted })
		}
		if err == nil {
			_, err = s.Prune(t.Context(), task.Retention{Count: 1000}, newYear)
		}
		if err != nil {
			t.Errorf("beside others: %v", err)
			return
		}
		select {
		case <-done:
			return
		default:
		}
	}
}
