package task

import (
	"context"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

// Cancel does not wait, also where the store does not record the end; Close waits for that.
func TestCancelDoesNotWaitForTheStore(t *testing.T) {
	store := &faulty{Store: NewMemory(), update: failing(Cancelled, 3)}
	play(t, Options{Store: store, Patience: 10 * time.Second}, func(s *scene) {
		s.Pause()
		synctest.Wait() // until nobody pulls any more
		task, begin := s.submit(chore("copy"), succeed), time.Now()
		task.Cancel("bob", "")
		require.Zero(s, time.Since(begin))
		synctest.Wait()
		require.ErrorIs(s, s.health().Trouble, syscall.ENOSPC)
		require.NoError(s, s.Close(s.Context()))
		require.Equal(s, 3*time.Second, time.Since(begin))
		rec, err := s.wait(task)
		require.ErrorContains(s, err, "cancelled by bob")
		require.Equal(s, Cancelled, rec.State)
		task.Cancel("eve", "too late")
	})
}

// A wish outlasts the process: what somebody asked to stop is not begun again when its process dies before it has stopped.
func TestWishOutlastsTheProcess(t *testing.T) {
	lingering := func(ctx context.Context, _ *Run) error {
		<-ctx.Done()
		time.Sleep(20 * time.Second)
		return ctx.Err()
	}
	for name, stop := range map[string]func(s *scene, cancelDo func()){
		"Task.Cancel":       func(s *scene, _ func()) { s.live()[0].Cancel("bob", "") },
		"the context of Do": func(_ *scene, cancelDo func()) { cancelDo() },
	} {
		t.Run(name, func(t *testing.T) {
			play(t, Options{Handlers: map[string]Func{"sync": lingering}}, func(s *scene) {
				ctx, cancel := context.WithCancel(s.Context())
				defer cancel()
				go func() { _, _ = s.Do(ctx, requeued(), nil) }()
				synctest.Wait()
				task := s.live()[0]
				stop(s, cancel)
				synctest.Wait()
				require.NoError(s, task.claim.Release()) // as the end of the process does
				claims, err := s.store.Recover(s.Context(), time.Now(), func(Record) Verdict { return QueueAgain })
				require.NoError(s, err)
				require.Empty(s, claims)
				rec, err := s.store.Get(s.Context(), task.UPID())
				require.NoError(s, err)
				require.Equal(s, Cancelled, rec.State)
			})
		})
	}
}

// To whoever looks at the records, no two tasks of a key run at a time.
func TestKeyIsHeldUntilTheEndIsRecorded(t *testing.T) {
	store := &faulty{Store: NewMemory(), update: func(r Record) error {
		if r.State == Failed {
			time.Sleep(time.Minute)
		}
		return nil
	}}
	play(t, Options{Store: store, Slots: 2, Grace: time.Second}, func(s *scene) {
		spec := chore("copy")
		spec.Key = "disk-1"
		first := s.submit(spec, lasting(2*time.Second)) // it goes on after its grace, but not for long
		synctest.Wait()
		var state State
		second := s.submit(spec, func(ctx context.Context, _ *Run) error {
			rec, err := s.store.Get(ctx, first.UPID())
			state = rec.State
			return err
		})
		first.Cancel("bob", "")
		_, err := s.wait(second)
		require.NoError(s, err)
		require.Equal(s, Failed, state)
	})
}
