package task

import (
	"context"
	"errors"
	"fmt"
	"math"
	"time"
)

// ErrBacklog says that too many tasks wait already. Try again later.
var ErrBacklog = errors.New("too many tasks are waiting")

// Submit puts a task into the queue, durably: once it returns, the task's record is in the store. A nil f stands for the
// handler of the type. The task does not end when ctx does. Errors: ErrClosed, ErrBacklog, what is wrong with the spec,
// and those of the store.
func (r *Runner) Submit(ctx context.Context, spec Spec, f Func) (*Task, error) {
	if !r.arrive() {
		return nil, fmt.Errorf("submit a task of type %q: %w", shorten(spec.Type), ErrClosed)
	}
	defer r.arrived()
	t, err := r.create(ctx, spec, f)
	if err != nil {
		return nil, fmt.Errorf("submit a task of type %q: %w", shorten(spec.Type), err)
	}
	if err := r.enqueue(ctx, t); err != nil {
		return nil, fmt.Errorf("submit %s: %w", t.id, err)
	}
	return t, nil
}

// Do submits a task and waits for its end. If ctx ends first it asks the task to stop, and waits until it has. It returns
// the task's last record and, unless its state is OK or Warning, the error of its function.
func (r *Runner) Do(ctx context.Context, spec Spec, f Func) (Record, error) {
	t, err := r.Submit(ctx, spec, f)
	if err != nil {
		return Record{}, err
	}
	disarm := context.AfterFunc(ctx, func() { t.Cancel("", reasonOf(context.Cause(ctx))) })
	defer disarm()
	return t.Wait(context.WithoutCancel(ctx))
}

// reasonOf says why a context ended, where that is more than that somebody ended it.
func reasonOf(cause error) string {
	if cause == context.Canceled {
		return ""
	}
	return cause.Error()
}

// create makes the record.
func (r *Runner) create(ctx context.Context, spec Spec, f Func) (*Task, error) {
	if f == nil {
		f = r.o.Handlers[spec.Type]
	}
	switch {
	case f == nil:
		return nil, errors.New("there is neither a function nor a handler of the type")
	case spec.Requeue && r.o.Handlers[spec.Type] == nil:
		return nil, errors.New("what is to be queued again needs a handler of the type: nobody could take it up")
	}
	if err := r.hasRoom(ctx); err != nil {
		return nil, err
	}
	now := r.o.Now()
	if err := checkClock(now); err != nil {
		return nil, err
	}
	id, err := r.o.Process.NewUPID(now, spec.Type, spec.id(), spec.User)
	if err != nil {
		return nil, err
	}
	claim, err := r.o.Store.Create(ctx, newRecord(id, spec, now))
	if err != nil {
		return nil, err
	}
	return r.newTask(claim, f), nil
}

// checkClock refuses a time that a UPID cannot hold: better no task than one under a time that is wrong by a century.
func checkClock(now time.Time) error {
	if s := now.Unix(); s < 0 || s > math.MaxUint32 {
		return fmt.Errorf("the clock says %s, which is outside of 1970 to 2106; set it", now)
	}
	return nil
}

func (r *Runner) hasRoom(ctx context.Context) error {
	depth, err := r.o.Queue.Depth(ctx)
	if err == nil && depth >= r.o.Backlog {
		return fmt.Errorf("%w: %d", ErrBacklog, depth)
	}
	return err
}

// enqueue makes a task one of the runner's. Its record is durable already.
func (r *Runner) enqueue(ctx context.Context, t *Task) error {
	r.mu.Lock()
	r.tasks[t.id] = t
	r.mu.Unlock()
	rec := t.Record()
	r.feed.add(change{rec, 0})
	t.claim.OnCancel(t.cancel)
	err := r.o.Queue.Push(ctx, Ticket{UPID: t.id, Key: rec.Key, Priority: rec.Priority, NotBefore: r.due(rec.NotBefore)})
	if err != nil {
		r.settle(t, nil, fmt.Errorf("put it into the queue: %w", err))
		return err
	}
	t.endIfWished()
	return nil
}
