package task

import (
	"context"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

// stubborn is a function that goes on for an hour the first time, and how often it was begun.
func stubborn() (do Func, begun *int) {
	begun = new(int)
	return func(context.Context, *Run) error {
		if *begun++; *begun == 1 {
			time.Sleep(time.Hour)
		}
		return nil
	}, begun
}

// abandonUnrecorded has a task exceed its deadline and go on, and its end fail to be recorded.
func (s *scene) abandonUnrecorded() *Task {
	spec := requeued()
	spec.Deadline = time.Second
	task := s.submit(spec, nil)
	_, err := task.Wait(s.Context())
	require.ErrorIs(s, err, ErrNotRecorded)
	return task
}

// wishless is a store that takes no wishes.
type wishless struct{ *faulty }

func (wishless) RequestCancel(context.Context, UPID, Cancellation) error { return syscall.ENOSPC }

// slowRemoval is a queue whose first Remove is held up, as it may be across a network.
type slowRemoval struct {
	Queue
	gate  chan struct{}
	calls int
}

func (q *slowRemoval) Remove(ctx context.Context, id UPID) (bool, error) {
	if q.calls++; q.calls == 1 {
		<-q.gate
	}
	return q.Queue.Remove(ctx, id)
}

// A wish takes so long to reach the queue that the task has left by then, and was recovered: it ends the task as it is now.
func TestWishThatComesLate(t *testing.T) {
	store := &faulty{Store: NewMemory(), update: failing(Cancelled, 2)}
	queue := &slowRemoval{Queue: NewQueue(Limits{})}
	handlers := map[string]Func{"sync": lasting(time.Second)}
	play(t, Options{Store: wishless{store}, Queue: queue, Patience: time.Nanosecond, Handlers: handlers}, func(s *scene) {
		queue.gate = make(chan struct{})
		s.Pause()
		synctest.Wait()
		task := s.submit(requeued(), nil)
		task.Cancel("bob", "")
		synctest.Wait()
		s.Resume()
		_, err := task.Wait(s.Context())
		require.ErrorIs(s, err, ErrNotRecorded)
		s.Pause()
		synctest.Wait()
		require.NoError(s, s.Recover(s.Context()))
		require.Len(s, s.live(), 1)
		close(queue.gate)
		time.Sleep(time.Minute)
		require.Empty(s, s.live())
		rec, err := s.store.Get(s.Context(), task.UPID())
		require.NoError(s, err)
		require.Equal(s, Cancelled, rec.State)
		require.Contains(s, rec.Failure.Message, "bob")
	})
}

// A wish that comes while a task is let go of, whose end could not be recorded, counts for whoever recovers it.
func TestWishWhileATaskIsLetGo(t *testing.T) {
	store := &faulty{Store: NewMemory(), update: failing(OK, 2)}
	queue, begun := &holdingQueue{Queue: NewQueue(Limits{})}, 0
	handlers := map[string]Func{"sync": func(context.Context, *Run) error { begun++; return nil }}
	play(t, Options{Store: store, Queue: queue, Patience: time.Nanosecond, Handlers: handlers}, func(s *scene) {
		queue.before = make(chan struct{})
		task := s.submit(requeued(), nil)
		time.Sleep(time.Second)
		task.Cancel("bob", "")
		synctest.Wait()
		close(queue.before)
		synctest.Wait()
		require.NoError(s, s.Recover(s.Context()))
		synctest.Wait()
		require.Equal(s, 1, begun)
	})
}

// The same of one whose function still goes on.
func TestWishOfOneThatIsAbandoned(t *testing.T) {
	do, begun := stubborn()
	store := &faulty{Store: NewMemory(), update: failing(Failed, 2)}
	o := Options{Store: store, Grace: time.Second, Patience: time.Nanosecond, Handlers: map[string]Func{"sync": do}}
	play(t, o, func(s *scene) {
		task := s.abandonUnrecorded()
		task.Cancel("bob", "")
		time.Sleep(2 * time.Hour)
		require.NoError(s, s.Recover(s.Context()))
		synctest.Wait()
		require.Equal(s, 1, *begun)
	})
}

// Close names an abandoned task until it is let go of: before that nobody can recover it.
func TestCloseNamesWhatIsNotLetGo(t *testing.T) {
	do, _ := stubborn()
	store := &faulty{Store: NewMemory(), update: failing(Failed, 2)}
	queue := &holdingQueue{Queue: NewQueue(Limits{})}
	o := Options{Store: store, Queue: queue, Grace: time.Second, Patience: time.Nanosecond, Handlers: map[string]Func{"sync": do}}
	play(t, o, func(s *scene) {
		queue.before = make(chan struct{})
		defer close(queue.before)
		task := s.abandonUnrecorded()
		time.Sleep(2 * time.Hour)
		require.ErrorContains(s, s.Close(s.Context()), task.UPID().String())
	})
}
