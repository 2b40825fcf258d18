package task

import (
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/task/remedy"
)

// failing returns an update of a faulty store that refuses a state so many times.
func failing(state State, times int) func(Record) error {
	return func(r Record) error {
		if r.State != state || times == 0 {
			return nil
		}
		times--
		return syscall.ENOSPC
	}
}

func TestStoreRefusesTheEndForAWhile(t *testing.T) {
	store := &faulty{Store: NewMemory(), update: failing(OK, 3)}
	play(t, Options{Store: store, Patience: 10 * time.Second}, func(s *scene) {
		begin := time.Now()
		task := s.submit(chore("copy"), succeed)
		synctest.Wait()
		require.ErrorIs(s, s.health().Trouble, syscall.ENOSPC)
		require.Len(s, s.health().Running, 1, "nobody is told before it is durable")
		_, err := s.wait(task)
		require.NoError(s, err)
		require.Equal(s, 3*time.Second, time.Since(begin))
		require.NoError(s, s.health().Trouble, "all is well again")
	})
}

func TestStoreRefusesTheEndForGood(t *testing.T) {
	store := &faulty{Store: NewMemory(), update: failing(OK, -1)}
	play(t, Options{Store: store, Patience: 10 * time.Second}, func(s *scene) {
		begin := time.Now()
		task := s.submit(chore("copy"), succeed)
		watched := make(chan []Event)
		go func() { watched <- collect(task.Watch(s.Context(), time.Second)) }()
		rec, err := task.Wait(s.Context())
		require.ErrorIs(s, err, ErrNotRecorded)
		require.ErrorIs(s, err, syscall.ENOSPC)
		require.Equal(s, 10*time.Second, time.Since(begin))
		require.Equal(s, Running, rec.State, "as the store says")
		require.Error(s, s.health().Trouble)
		require.NotEmpty(s, <-watched, "the observer is let go")

		store.update = func(Record) error { return nil }
		require.NoError(s, s.Recover(s.Context()))
		rec, err = store.Get(s.Context(), task.UPID())
		require.NoError(s, err)
		require.Equal(s, remedy.CodeInterrupted, rec.Failure.Code)
	})
}

func TestObserverOfAllForgetsWhatCouldNotBeRecorded(t *testing.T) {
	store := &faulty{Store: NewMemory(), update: failing(OK, -1)}
	play(t, Options{Store: store, Patience: time.Second}, func(s *scene) {
		var last atomic.Int64
		go func() {
			for range s.Watch(s.Context(), Watching{}) {
				last.Store(time.Now().UnixNano())
			}
		}()
		_, err := s.submit(chore("copy"), succeed).Wait(s.Context())
		require.ErrorIs(s, err, ErrNotRecorded)
		ended := time.Now().UnixNano()
		time.Sleep(time.Minute)
		require.Positive(s, last.Load())
		require.Less(s, last.Load(), ended+int64(time.Second))
	})
}

func TestStoreRefusesTheBeginning(t *testing.T) {
	store := &faulty{Store: NewMemory(), update: failing(Running, 5)}
	play(t, Options{Store: store}, func(s *scene) {
		begin := time.Now()
		task := s.submit(chore("copy"), succeed)
		rec, err := s.wait(task)
		require.NoError(s, err)
		require.Equal(s, 1, rec.Attempt, "it has begun once")
		require.Equal(s, 5*time.Second, time.Since(begin))
	})
}

func TestCloseDoesNotWaitForAStoreThatFails(t *testing.T) {
	store := &faulty{Store: NewMemory(), update: failing(Cancelled, -1)}
	play(t, Options{Store: store, Patience: time.Hour}, func(s *scene) {
		task, begin := s.submit(chore("copy"), obey), time.Now()
		synctest.Wait()
		require.NoError(s, s.closeWithin(time.Minute))
		require.LessOrEqual(s, time.Since(begin), time.Minute+2*storeRest)
		_, err := task.Wait(s.Context())
		require.ErrorIs(s, err, ErrNotRecorded)
	})
}
