package task

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

// Who watches one task does not pay for all that wait.
func TestObserverOfOneTaskLooksAtNoOther(t *testing.T) {
	play(t, Options{}, func(s *scene) {
		s.Pause()
		var last *Task
		for range 100 {
			last = s.submit(chore("copy"), succeed)
		}
		o := newObserver(s.Runner, Watching{Task: last.UPID()})
		defer o.leave()
		require.Len(s, o.first, 1)
		require.Equal(s, last.UPID(), o.first[0].UPID)

		other := newObserver(s.Runner, Watching{Task: UPID{Node: "x"}})
		defer other.leave()
		require.Empty(s, other.first, "the runner does not know it")
	})
}

// What an observer remembers of the tasks that there were at first goes when it is not needed any more.
func TestObserverForgets(t *testing.T) {
	play(t, Options{}, func(s *scene) {
		s.Pause()
		for range 100 {
			s.submit(chore("copy"), lasting(time.Second))
		}
		o, got := newObserver(s.Runner, Watching{Every: time.Hour, UntilIdle: true}), 0
		o.yield = func(Event, error) bool { got++; return true }
		s.Resume()
		require.NoError(s, o.watch(s.Context()))
		synctest.Wait()
		require.Equal(s, 300, got)
		require.Empty(s, o.begun)
		require.Empty(s, o.live)
	})
}
