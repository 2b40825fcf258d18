package task

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/task/remedy"
)

func TestIgnoredCancel(t *testing.T) {
	play(t, Options{Slots: 1, Grace: time.Minute}, func(s *scene) {
		gate, begin := make(chan struct{}), time.Now()
		spec := chore("stubborn")
		spec.Key = "disk-1"
		stubborn := s.submit(spec, until(gate))
		synctest.Wait()
		stubborn.Cancel("bob", "it takes too long")
		synctest.Wait()
		require.True(s, s.health().Running[0].Stopping)

		rec, err := s.wait(stubborn)
		require.Equal(s, time.Minute, time.Since(begin))
		require.Equal(s, Failed, rec.State)
		require.Equal(s, remedy.CodeIgnoredCancel, rec.Failure.Code)
		require.Contains(s, rec.Failure.Message, "bob")
		require.ErrorIs(s, err, context.Canceled)
		require.Equal(s, []UPID{rec.UPID}, s.health().Abandoned)
		require.Empty(s, s.health().Running)

		s.requireSlotFreeAndKeyHeld(spec, gate)
		require.Empty(s, s.health().Abandoned)
	})
}

func TestStopsWithinGrace(t *testing.T) {
	play(t, Options{Grace: time.Minute}, func(s *scene) {
		task := s.submit(chore("slow"), func(ctx context.Context, _ *Run) error {
			<-ctx.Done()
			time.Sleep(59 * time.Second)
			return ctx.Err()
		})
		synctest.Wait()
		task.Cancel("bob", "")
		task.Cancel("eve", "too late")
		rec, err := s.wait(task)
		require.Equal(s, Cancelled, rec.State)
		require.Equal(s, remedy.CodeCancelled, rec.Failure.Code)
		require.Equal(s, "cancelled by bob", rec.Failure.Message)
		cancelled, ok := errors.AsType[*CancelError](err)
		require.True(s, ok)
		require.Equal(s, "bob", cancelled.By)
	})
}

func TestFinishesInSpiteOfCancel(t *testing.T) {
	play(t, Options{}, func(s *scene) {
		task := s.submit(chore("quick"), lasting(time.Second))
		synctest.Wait()
		task.Cancel("bob", "")
		rec, err := s.wait(task)
		require.NoError(s, err)
		require.Equal(s, OK, rec.State, "what was done is done")
	})
}

func TestCancelWhileQueued(t *testing.T) {
	play(t, Options{}, func(s *scene) {
		s.Pause()
		task := s.submit(chore("later"), succeed)
		require.NoError(s, s.Runner.Cancel(s.Context(), task.UPID(), "bob", "not today"))
		rec, err := s.wait(task)
		require.ErrorContains(s, err, "cancelled by bob: not today")
		require.Equal(s, Cancelled, rec.State)
		require.Zero(s, rec.Started)
		require.Zero(s, rec.Attempt)
		require.ErrorIs(s, s.Runner.Cancel(s.Context(), task.UPID(), "bob", ""), ErrEnded)
		require.ErrorIs(s, s.Runner.Cancel(s.Context(), UPID{Node: "x"}, "bob", ""), ErrNotFound)
	})
}

func TestCancelThroughTheStore(t *testing.T) {
	play(t, Options{}, func(s *scene) {
		task := s.submit(chore("slow"), obey)
		wish := Cancellation{By: "eve", Reason: "maintenance", At: time.Now().UTC()}
		require.NoError(s, s.store.RequestCancel(s.Context(), task.UPID(), wish))
		rec, _ := s.wait(task)
		require.Equal(s, Cancelled, rec.State)
		require.Equal(s, "cancelled by eve: maintenance", rec.Failure.Message)
	})
}

func TestCancelWhileItBegins(t *testing.T) {
	var task *Task
	store := &faulty{Store: NewMemory()}
	play(t, Options{Store: store}, func(s *scene) {
		store.update = func(r Record) error {
			if r.State == Running {
				task.Cancel("bob", "")
			}
			return nil
		}
		s.Pause()
		task = s.submit(chore("slow"), obey)
		s.Resume()
		rec, _ := s.wait(task)
		require.Equal(s, Cancelled, rec.State)
		require.NoError(s, s.health().Trouble, "the store did nothing wrong")
	})
}

func TestCancelBetweenAttempts(t *testing.T) {
	play(t, Options{}, func(s *scene) {
		spec := chore("flaky")
		spec.Retry = remedy.Retry{Attempts: 2, First: time.Hour, Most: time.Hour}
		task := s.submit(spec, func(context.Context, *Run) error {
			return remedy.New("flaky", remedy.Transient, "", errBroken)
		})
		synctest.Wait()
		waiting := task.Record()
		require.Equal(s, Queued, waiting.State)
		require.Equal(s, remedy.Code("flaky"), waiting.Failure.Code)
		require.True(s, waiting.NotBefore.After(time.Now()))
		begin := time.Now()
		task.Cancel("bob", "")
		rec, _ := s.wait(task)
		require.Equal(s, Cancelled, rec.State)
		require.Zero(s, time.Since(begin))
		require.Zero(s, s.health().Queued)
	})
}
