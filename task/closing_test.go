package task

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/task/progress"
	"github.com/heirloom-backup/heirloom/task/remedy"
)

// A wish counts, also of a task that the end of the runner has stopped and that would be queued again.
func TestCancelWhileClosing(t *testing.T) {
	slowToStop := func(ctx context.Context, _ *Run) error {
		<-ctx.Done()
		time.Sleep(time.Second)
		return ctx.Err()
	}
	play(t, Options{Handlers: map[string]Func{"sync": slowToStop}}, func(s *scene) {
		task := s.submit(requeued(), nil)
		synctest.Wait()
		closed := make(chan error, 1)
		go func() { closed <- s.Close(s.Context()) }()
		synctest.Wait()
		require.NoError(s, s.Cancel(s.Context(), task.UPID(), "bob", ""))
		require.NoError(s, <-closed)
		rec, _ := s.wait(task)
		require.Equal(s, Cancelled, rec.State)
		require.Equal(s, "cancelled by bob", rec.Failure.Message)
	})
}

// What did not stop is not queued again: it would run twice.
func TestWhatIgnoresCloseIsNotQueuedAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		gate := make(chan struct{})
		stubborn := func(context.Context, *Run) error { <-gate; return nil }
		r, err := NewRunner(t.Context(), Options{Handlers: map[string]Func{"sync": stubborn}})
		require.NoError(t, err)
		task, err := r.Submit(t.Context(), requeued(), nil)
		require.NoError(t, err)
		synctest.Wait()
		require.ErrorContains(t, r.Close(t.Context()), "did not stop")
		rec, _ := task.Wait(t.Context())
		require.Equal(t, Failed, rec.State)
		require.Equal(t, remedy.CodeIgnoredCancel, rec.Failure.Code)
		close(gate)
	})
}

// Close is over soon after its context, however many tasks wait and whatever the store does.
func TestCloseWhoseContextEndsIsQuick(t *testing.T) {
	store := &faulty{Store: NewMemory()}
	play(t, Options{Store: store, Slots: 1}, func(s *scene) {
		s.Pause()
		for range 100 {
			s.submit(chore("a"), succeed)
		}
		store.update = func(Record) error { return errors.New("no space left") }
		ctx, cancel := context.WithCancel(s.Context())
		cancel()
		begin := time.Now()
		_ = s.Close(ctx)
		require.Less(s, time.Since(begin), time.Minute)
	})
}

// Whoever counts may log.
func TestFollowThatLogs(t *testing.T) {
	play(t, Options{}, func(s *scene) {
		task := s.submit(chore("a"), func(_ context.Context, run *Run) error {
			run.Stage("count", progress.Total{}).Follow(func() progress.Count {
				run.Log().Info("looked at")
				return progress.Count{Items: 1}
			})
			time.Sleep(3 * time.Second)
			return nil
		})
		rec, err := s.wait(task)
		require.NoError(s, err)
		require.EqualValues(s, 1, rec.Progress.Work().Items)
		require.Contains(s, s.logText(rec.UPID), "[count] looked at")
	})
}

// A connection that breaks because everything is being stopped is no reason not to go on in the next process.
func TestWhatMayPassIsQueuedAgainWhileClosing(t *testing.T) {
	broken := remedy.New("flaky", remedy.Transient, "", errBroken)
	for name, c := range map[string]struct {
		requeue  bool
		attempts int
		state    State
	}{
		"for the next process":  {true, 5, Queued},
		"the last attempt":      {true, 1, Failed},
		"there is none to come": {false, 5, Failed},
	} {
		t.Run(name, func(t *testing.T) {
			breaks := func(ctx context.Context, _ *Run) error { <-ctx.Done(); return broken }
			play(t, Options{Handlers: map[string]Func{"sync": breaks}}, func(s *scene) {
				spec := requeued()
				spec.Requeue, spec.Retry = c.requeue, remedy.Retry{Attempts: c.attempts}
				task := s.submit(spec, nil)
				synctest.Wait()
				require.NoError(s, s.Close(s.Context()))
				rec, err := s.wait(task)
				require.Equal(s, c.state, rec.State)
				require.Equal(s, remedy.Code("flaky"), rec.Failure.Code)
				require.Equal(s, c.state == Queued, errors.Is(err, ErrShutdown))
			})
		})
	}
}
