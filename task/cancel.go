package task

import (
	"context"
	"errors"
	"fmt"
)

// Cancel asks a task to stop, whichever process runs it: see Store.RequestCancel.
func (r *Runner) Cancel(ctx context.Context, id UPID, by, reason string) error {
	wish := Cancellation{By: by, Reason: reason, At: r.o.Now().UTC()}
	err := r.o.Store.RequestCancel(ctx, id, wish) // also of an own one: it is to outlast the process
	if t := r.Task(id); t != nil {
		t.cancel(wish)
	}
	return err
}

// Task returns a task of this runner that has not ended, nil if there is none of that name.
func (r *Runner) Task(id UPID) *Task {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.tasks[id]
}

// cancel notes the first wish, and sees to it that somebody acts on it: the attempt that is going on, or the one that is
// about to begin, or, if the task still waits, a goroutine of its own, since a store may take long to record the end.
func (t *Task) cancel(c Cancellation) {
	t.mu.Lock()
	if t.wish == nil {
		t.wish = new(c.Bounded())
	}
	stop, cause := t.stop, &CancelError{*t.wish}
	t.mu.Unlock()
	if stop != nil {
		stop(cause)
		return
	}
	t.runner.beside(t, func() { t.endWaiting(cause) })
}

// beside has something done for a task on a goroutine of its own, for which Close waits unless the task is abandoned; if it
// has left, nothing.
func (r *Runner) beside(t *Task, do func()) {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch t {
	case r.tasks[t.id]: // and so Close does not wait for the work yet
		r.work.Go(do)
	case r.abandoned[t.id]:
		go do()
	}
}

// leaveWish lets the store know what is wished of a task, if anything is, that would be begun again if its process died, or
// its end could not be recorded.
func (t *Task) leaveWish() {
	t.mu.Lock()
	wish, again := t.wish, t.record.Requeue
	t.mu.Unlock()
	if wish == nil || !again {
		return
	}
	err := t.runner.o.Store.RequestCancel(context.Background(), t.id, *wish)
	if err != nil && !errors.Is(err, ErrEnded) {
		t.runner.troubled(fmt.Errorf("leave the wish to stop %s in the store: %w", t.id, err))
	}
}

// endWaiting ends the task if it waits in the queue.
func (t *Task) endWaiting(cause error) {
	r := t.runner
	removed, err := r.o.Queue.Remove(context.Background(), t.id)
	if err != nil {
		r.troubled(err)
	}
	if now := r.Task(t.id); removed && now != nil { // t may have left meanwhile, and be recovered: the ticket is that one's
		now.inheritWish(t)
		r.settle(now, nil, cause)
	}
}

// inheritWish makes what was wished of a task, as it was before it was recovered, one's own.
func (t *Task) inheritWish(from *Task) {
	if t == from {
		return
	}
	from.mu.Lock()
	wish := from.wish
	from.mu.Unlock()
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.wish == nil {
		t.wish = wish
	}
}

// endIfWished ends a task that was just put into the queue, if somebody asked for it when it was not there yet.
func (t *Task) endIfWished() {
	if cause := t.wished(); cause != nil {
		t.endWaiting(cause)
	}
}

// shutDown asks the task to stop because the runner does.
func (t *Task) shutDown() {
	t.mu.Lock()
	stop := t.stop
	t.mu.Unlock()
	if stop != nil {
		stop(ErrShutdown)
		return
	}
	t.endWaiting(ErrShutdown)
}

// wished returns why the task is to stop before it has begun, nil if it is not.
func (t *Task) wished() error {
	t.mu.Lock()
	wish := t.wish
	t.mu.Unlock()
	switch {
	case wish != nil:
		return &CancelError{*wish}
	case t.runner.isClosing():
		return ErrShutdown
	}
	return nil
}
