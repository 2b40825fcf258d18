package task

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

// holdingQueue holds those up who give back a ticket, before it is given back or after.
type holdingQueue struct {
	Queue
	before, after chan struct{} // nil does not
}

func (q *holdingQueue) Pull(ctx context.Context) (Lease, error) {
	l, err := q.Queue.Pull(ctx)
	if err != nil {
		return nil, err
	}
	return &holdingLease{l, q}, nil
}

type holdingLease struct {
	Lease
	queue *holdingQueue
}

func (l *holdingLease) Done(ctx context.Context) error {
	if l.queue.before != nil {
		<-l.queue.before
	}
	err := l.Lease.Done(ctx)
	if l.queue.after != nil {
		<-l.queue.after
	}
	return err
}

// A task whose end could not be recorded is recovered by the runner that is just letting go of it: it is begun again, and
// comes to its end.
func TestRecoverWhileATaskIsLetGo(t *testing.T) {
	for name, hold := range map[string]func(*holdingQueue, chan struct{}){
		"before its ticket is given back": func(q *holdingQueue, gate chan struct{}) { q.before = gate },
		"after that":                      func(q *holdingQueue, gate chan struct{}) { q.after = gate },
	} {
		t.Run(name, func(t *testing.T) {
			store := &faulty{Store: NewMemory(), update: failing(OK, 2)}
			queue := &holdingQueue{Queue: NewQueue(Limits{})}
			o := Options{Store: store, Queue: queue, Patience: time.Nanosecond, Handlers: map[string]Func{"sync": succeed}}
			play(t, o, func(s *scene) {
				gate := make(chan struct{})
				hold(queue, gate)
				task := s.submit(requeued(), nil)
				time.Sleep(time.Second)
				require.NoError(s, s.Recover(s.Context()))
				close(gate)
				synctest.Wait()
				require.NoError(s, s.Recover(s.Context()))
				time.Sleep(time.Hour)
				rec, err := s.store.Get(s.Context(), task.UPID())
				require.NoError(s, err)
				require.Equal(s, OK, rec.State, "%+v", rec.Failure)
				require.Empty(s, s.live())
			})
		})
	}
}

// A function that goes on, and whose end could not be recorded, is not recovered before it has ended.
func TestWhatStillGoesOnIsNotRecovered(t *testing.T) {
	store := &faulty{Store: NewMemory(), update: failing(Failed, 2)}
	do, begun := stubborn()
	o := Options{Store: store, Grace: time.Second, Patience: time.Nanosecond, Handlers: map[string]Func{"sync": do}}
	play(t, o, func(s *scene) {
		s.abandonUnrecorded()
		require.NoError(s, s.Recover(s.Context()))
		synctest.Wait()
		require.Equal(s, 1, *begun, "it still goes on")
		time.Sleep(time.Hour)
		require.NoError(s, s.Recover(s.Context()))
		synctest.Wait()
		require.Equal(s, 2, *begun)
	})
}

// What somebody wished to stop is not begun again although its end could not be recorded.
func TestWishOfOneWhoseEndIsNotRecorded(t *testing.T) {
	for name, paused := range map[string]bool{"waits": true, "runs": false} {
		t.Run(name, func(t *testing.T) {
			store := &faulty{Store: NewMemory(), update: failing(Cancelled, 2)}
			begun := 0
			work := func(ctx context.Context, run *Run) error { begun++; return obey(ctx, run) }
			play(t, Options{Store: store, Patience: time.Nanosecond, Handlers: map[string]Func{"sync": work}}, func(s *scene) {
				if paused {
					s.Pause()
					synctest.Wait()
				}
				task := s.submit(requeued(), nil)
				synctest.Wait()
				before := begun
				task.Cancel("bob", "")
				_, err := task.Wait(s.Context())
				require.ErrorIs(s, err, ErrNotRecorded)
				s.Resume()
				require.NoError(s, s.Recover(s.Context()))
				synctest.Wait()
				require.Equal(s, before, begun)
				rec, err := s.store.Get(s.Context(), task.UPID())
				require.NoError(s, err)
				require.Equal(s, Cancelled, rec.State)
			})
		})
	}
}
