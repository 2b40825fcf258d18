package task

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"github.com/heirloom-backup/heirloom/task/progress"
)

// attend sees a task through one attempt. It returns when the slot is free: the task has ended, or waits again.
func (r *Runner) attend(t *Task, l Lease) {
	ctx, stop := context.WithCancelCause(context.Background())
	defer stop(nil)
	t.beginning(stop)
	r.occupy(t)
	cause := t.wished()
	var err error
	if cause == nil {
		err = t.move(t.Record().begun(r.o.Now()))
	}
	r.begun()
	switch {
	case cause != nil:
		r.settle(t, l, cause)
	case err != nil:
		r.postpone(t, l, err)
	default:
		t.tellAttempt()
		r.settle(t, l, r.attempt(ctx, t, l))
	}
}

// tellAttempt says in the log where the lines of another attempt begin.
func (t *Task) tellAttempt() {
	if n := t.run.Load().Attempt(); n > 1 {
		t.run.Load().log.Info("the task is begun again", "attempt", n)
	}
}

func (t *Task) beginning(stop context.CancelCauseFunc) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.stop = stop
	t.run.Store(newRun(t))
	t.sign, t.signed = t.runner.o.Now().UTC(), progress.Count{}
}

// postpone puts a task back whose beginning could not be made durable: it has not begun.
func (r *Runner) postpone(t *Task, l Lease, err error) {
	r.vacate(t)
	r.troubled(fmt.Errorf("record that %s begins: %w", t.id, err))
	t.mu.Lock()
	t.stop = nil
	t.mu.Unlock()
	r.putBack(t, l, r.o.Now().Add(storeRest))
}

// attempt runs the function. When ctx is done it waits for the grace period, and then gives up waiting.
func (r *Runner) attempt(ctx context.Context, t *Task, l Lease) error {
	if d := t.run.Load().record.Deadline; d > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeoutCause(ctx, d, ErrDeadline)
		defer cancel()
	}
	ended := make(chan error, 1)
	go t.call(ctx, ended)
	select {
	case err := <-ended:
		return withCause(ctx, err)
	case <-ctx.Done():
	}
	grace := time.NewTimer(r.o.Grace)
	defer grace.Stop()
	select {
	case err := <-ended:
		return withCause(ctx, err)
	case <-grace.C:
	case <-r.hurry:
	}
	r.abandon(t, l, ended)
	return &ignoredError{context.Cause(ctx)}
}

// withCause says why the context ended, beside the fact that it did.
func withCause(ctx context.Context, err error) error {
	cause := context.Cause(ctx)
	if err == nil || cause == nil || errors.Is(err, cause) || !errors.Is(err, ctx.Err()) {
		return err
	}
	return &causedError{cause, err}
}

// causedError is the error of a function that stopped because it was asked to.
type causedError struct{ cause, err error }

func (e *causedError) Unwrap() []error { return []error{e.cause, e.err} }

// Error adds what the function said, where that is more than that its context had ended.
func (e *causedError) Error() string {
	said := e.err.Error()
	if said == context.Canceled.Error() || said == context.DeadlineExceeded.Error() {
		return e.cause.Error()
	}
	return e.cause.Error() + " (" + said + ")"
}

// ignoredError says that a function went on after it was asked to stop.
type ignoredError struct{ cause error }

func (e *ignoredError) Error() string {
	return "it did not stop when it was asked to: " + e.cause.Error()
}
func (e *ignoredError) Unwrap() error { return e.cause }

// panicError is what a function panicked with.
type panicError struct {
	value any
	stack []byte
}

func (e *panicError) Error() string { return fmt.Sprintf("panic: %v", e.value) }

// Unwrap returns the error that was panicked with, if it was one.
func (e *panicError) Unwrap() error {
	err, _ := e.value.(error)
	return err
}

var errGoexit = errors.New("the function ended its goroutine (runtime.Goexit)")

// call runs the function, and sends what came of it: also when it panics, or ends its goroutine.
func (t *Task) call(ctx context.Context, ended chan<- error) {
	run := t.run.Load()
	err := errGoexit                       // stays if the function neither returns nor panics
	defer func() { ended <- sound(err) }() // even if a function that is followed ends the goroutine below
	defer func() {
		if value := recover(); value != nil {
			err = &panicError{value, debug.Stack()}
		}
		run.finish()
	}()
	err = t.do(ctx, run)
}

// sound returns an error that can be asked what it wraps, as the runner does on goroutines of its own. One that panics
// then, as a nil pointer in an error may, is replaced.
func sound(err error) (safe error) {
	defer func() {
		if value := recover(); value != nil {
			safe = &panicError{fmt.Sprintf("ask an error of type %T what it wraps: %v", err, value), debug.Stack()}
		}
	}()
	_ = errors.Is(err, errGoexit)
	return err
}
