package task

import (
	"context"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

// However many wait, a store that is full holds up the end of the program once.
func TestCloseHasOnePatienceForAllThatWait(t *testing.T) {
	store := &faulty{Store: NewMemory(), update: failing(Cancelled, -1)}
	play(t, Options{Store: store, Patience: 10 * time.Second}, func(s *scene) {
		s.Pause()
		var tasks []*Task
		for range 100 {
			tasks = append(tasks, s.submit(chore("copy"), succeed))
		}
		begin := time.Now()
		require.NoError(s, s.Close(s.Context()))
		require.Equal(s, 10*time.Second, time.Since(begin))
		for _, task := range tasks {
			_, err := task.Wait(s.Context())
			require.ErrorIs(s, err, ErrNotRecorded)
		}
	})
}

// A store that is slow has all the time it needs, and may fail for a moment after that, too.
func TestCloseIsPatientWithAStoreThatIsSlow(t *testing.T) {
	store, updates := &faulty{Store: NewMemory()}, 0
	play(t, Options{Store: store, Patience: 10 * time.Second}, func(s *scene) {
		s.Pause()
		var tasks []*Task
		for range 100 {
			tasks = append(tasks, s.submit(chore("copy"), succeed))
		}
		store.update = func(Record) error {
			if updates++; updates == 50 {
				return syscall.ENOSPC
			}
			time.Sleep(time.Second)
			return nil
		}
		require.NoError(s, s.Close(s.Context()))
		for _, task := range tasks {
			rec, err := s.wait(task)
			require.ErrorIs(s, err, ErrShutdown)
			require.Equal(s, Cancelled, rec.State)
		}
	})
}

// Those that run do not suffer from those that wait: they are told to stop at once, and have a patience of their own.
func TestCloseWhileTheStoreFailsForThoseThatWait(t *testing.T) {
	store := &faulty{Store: NewMemory(), update: func(Record) error { return nil }}
	play(t, Options{Store: store, Patience: 10 * time.Second, Slots: 1}, func(s *scene) {
		s.Pause()
		waiting := s.submit(chore("older"), succeed)
		first := chore("first")
		first.Priority = 1
		var asked time.Time
		running := s.submit(first, func(ctx context.Context, _ *Run) error {
			<-ctx.Done()
			asked = time.Now()
			time.Sleep(20 * time.Second)
			return ctx.Err()
		})
		s.Resume()
		synctest.Wait()
		begin := time.Now()
		store.update = func(Record) error {
			if time.Since(begin) < 25*time.Second {
				return syscall.ENOSPC
			}
			return nil
		}
		require.NoError(s, s.Close(s.Context()))
		require.Equal(s, begin, asked)
		_, err := waiting.Wait(s.Context())
		require.ErrorIs(s, err, ErrNotRecorded)
		rec, err := s.wait(running)
		require.ErrorIs(s, err, ErrShutdown)
		require.Equal(s, Cancelled, rec.State)
	})
}
