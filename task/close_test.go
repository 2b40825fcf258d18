package task

import (
	"context"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/task/remedy"
)

func TestDrain(t *testing.T) {
	play(t, Options{Slots: 1}, func(s *scene) {
		begin := time.Now()
		tasks := []*Task{s.submit(chore("a"), lasting(time.Minute)), s.submit(chore("b"), lasting(time.Minute))}
		short, cancel := context.WithTimeout(s.Context(), time.Second)
		defer cancel()
		require.ErrorIs(s, s.Drain(short), context.DeadlineExceeded)
		_, err := s.Submit(s.Context(), chore("c"), succeed)
		require.ErrorIs(s, err, ErrClosed)
		require.True(s, s.health().Closing)

		require.NoError(s, s.Drain(s.Context()))
		require.Equal(s, 2*time.Minute, time.Since(begin))
		for _, task := range tasks {
			select {
			case <-task.Done():
			default:
				s.Error("a task has not ended after Drain")
			}
			require.Equal(s, OK, task.Record().State)
		}
		require.Empty(s, s.live())
	})
}

func TestCloseStopsEverything(t *testing.T) {
	play(t, Options{Slots: 1}, func(s *scene) {
		running, waiting := s.submit(chore("a"), obey), s.submit(chore("b"), obey)
		synctest.Wait()
		require.NoError(s, s.Close(s.Context()))
		for _, task := range []*Task{running, waiting} {
			rec, err := s.wait(task)
			require.Equal(s, Cancelled, rec.State)
			require.Equal(s, remedy.CodeCancelled, rec.Failure.Code)
			require.ErrorIs(s, err, ErrShutdown)
		}
		_, err := s.Submit(s.Context(), chore("c"), succeed)
		require.ErrorIs(s, err, ErrClosed)
		require.NoError(s, s.Close(s.Context()), "a second time there is nothing to do")
	})
}

func TestCloseEndsTheGraceWithItsContext(t *testing.T) {
	for name, closers := range map[string][]time.Duration{"one": {time.Minute}, "the first waits longer": {time.Hour, time.Minute}} {
		t.Run(name, func(t *testing.T) {
			play(t, Options{Grace: 24 * time.Hour}, func(s *scene) {
				gate, begin := make(chan struct{}), time.Now()
				task := s.submit(chore("stubborn"), until(gate))
				synctest.Wait()
				errs := make(chan error, len(closers))
				for _, d := range closers {
					go func() { errs <- s.closeWithin(d) }()
					synctest.Wait()
				}
				rec, _ := s.wait(task)
				require.Equal(s, time.Minute, time.Since(begin))
				require.Equal(s, Failed, rec.State)
				require.Equal(s, remedy.CodeIgnoredCancel, rec.Failure.Code)
				for range closers {
					require.ErrorContains(s, <-errs, task.UPID().String())
				}
				close(gate)
				synctest.Wait()
				require.NoError(s, s.Close(s.Context()), "it has stopped since")
			})
		})
	}
}

// requeued is of a kind that the next process goes on with.
func requeued() Spec {
	spec := chore("sync")
	spec.Requeue, spec.Payload = true, []byte(`{"n":1}`)
	return spec
}

func TestCloseLeavesWhatIsToBeQueuedAgain(t *testing.T) {
	store := NewMemory()
	handlers := map[string]Func{"sync": obey}
	var tasks []*Task
	play(t, Options{Store: store, Slots: 1, Handlers: handlers}, func(s *scene) {
		tasks = append(tasks, s.submit(requeued(), nil), s.submit(requeued(), nil))
		synctest.Wait()
		require.NoError(s, s.Close(s.Context()))
		for i, task := range tasks {
			rec, err := s.wait(task)
			require.ErrorIs(s, err, ErrShutdown)
			require.Equal(s, Queued, rec.State)
			require.Equal(s, 1-i, rec.Attempt, "the first had begun")
		}
	})
	handlers["sync"] = func(_ context.Context, run *Run) error {
		if string(run.Spec().Payload) != `{"n":1}` {
			return fmt.Errorf("payload %s", run.Spec().Payload)
		}
		run.Log().Info("once more")
		return nil
	}
	play(t, Options{Store: store, Handlers: handlers}, func(s *scene) {
		require.NoError(s, s.Drain(s.Context()))
		for i, task := range tasks {
			rec, err := store.Get(s.Context(), task.UPID())
			require.NoError(s, err)
			require.Equal(s, OK, rec.State)
			require.Equal(s, 2-i, rec.Attempt)
			require.Contains(s, s.logText(rec.UPID), "once more")
		}
	})
}

// orphans returns a store with one task of each kind whose runner is gone: released, as a claim is whose process died.
func orphans(t *testing.T, kinds ...Spec) (Store, []UPID) {
	store := NewMemory()
	var ids []UPID
	for _, spec := range kinds {
		now := time.Now()
		id, err := ThisProcess().NewUPID(now, spec.Type, spec.id(), spec.User)
		require.NoError(t, err)
		claim, err := store.Create(t.Context(), newRecord(id, spec, now))
		require.NoError(t, err)
		require.NoError(t, claim.Update(t.Context(), claim.Record().begun(now)))
		require.NoError(t, claim.Release())
		ids = append(ids, id)
	}
	return store, ids
}

func TestRecoverVerdicts(t *testing.T) {
	foreign := requeued()
	foreign.Type = "foreign"
	store, ids := orphans(t, chore("copy"), requeued(), foreign)
	play(t, Options{Store: store, Handlers: map[string]Func{"sync": succeed}}, func(s *scene) {
		require.NoError(s, s.Drain(s.Context()))
		want := []State{Failed, OK, Running}
		for i, id := range ids {
			rec, err := store.Get(s.Context(), id)
			require.NoError(s, err)
			require.Equal(s, want[i], rec.State)
			if want[i] == Failed {
				require.Equal(s, remedy.CodeInterrupted, rec.Failure.Code)
			}
		}
	})
}

// slowRecovery is a store whose Recover takes until the context ends.
type slowRecovery struct {
	Store
	cancel func()
}

func (r slowRecovery) Recover(ctx context.Context, now time.Time, judge func(Record) Verdict) ([]Claim, error) {
	claims, err := r.Store.Recover(ctx, now, judge)
	r.cancel()
	return claims, err
}

// A task that was taken over must not be lost because whoever made the runner has lost patience.
func TestRecoverWhoseContextEnds(t *testing.T) {
	store, ids := orphans(t, requeued())
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		r, err := NewRunner(ctx, Options{Store: slowRecovery{store, cancel}, Handlers: map[string]Func{"sync": obey}})
		if err == nil {
			require.NoError(t, r.Close(t.Context()))
		}
		rec, err := store.Get(t.Context(), ids[0])
		require.NoError(t, err)
		require.Equal(t, Queued, rec.State, "%+v", rec.Failure)
	})
}

func TestRecoverAfterClose(t *testing.T) {
	play(t, Options{Handlers: map[string]Func{"sync": succeed}}, func(s *scene) {
		spec := requeued()
		id, err := ThisProcess().NewUPID(time.Now(), spec.Type, spec.id(), spec.User)
		require.NoError(s, err)
		claim, err := s.store.Create(s.Context(), newRecord(id, spec, time.Now()))
		require.NoError(s, err)
		require.NoError(s, claim.Release())
		require.NoError(s, s.Close(s.Context()))
		require.ErrorIs(s, s.Recover(s.Context()), ErrClosed)
		rec, err := s.store.Get(s.Context(), id)
		require.NoError(s, err)
		require.Equal(s, Queued, rec.State, "the next runner will see to it")
	})
}
