package task

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/heirloom-backup/heirloom/task/remedy"
)

// ErrNotRecorded says that a task has ended and that its record does not say so, because the store failed. Whoever
// recovers the store will find it interrupted.
var ErrNotRecorded = errors.New("the end of the task could not be recorded")

// settle draws the conclusion from the error with which an attempt ended, or because of which there is none: the task
// ends, or is queued again. Without a lease it has been taken out of the queue.
func (r *Runner) settle(t *Task, l Lease, err error) {
	next := r.outcome(t, err)
	r.vacate(t) // before it can have another slot
	r.tell(t, &next, err)
	if stored := r.insist(t, next); stored != nil {
		t.leaveWish() // again: what recovers it is to know
		r.leave(t, l, fmt.Errorf("%w: it is %s: %w", ErrNotRecorded, next.State, errors.Join(stored, err)))
		return
	}
	switch {
	case next.State == Queued && errors.Is(err, ErrShutdown):
		r.leave(t, l, err)
	case next.State == Queued:
		r.putBack(t, l, next.NotBefore)
	default:
		r.leave(t, l, err)
	}
}

// outcome returns the record that follows.
func (r *Runner) outcome(t *Task, err error) Record {
	rec, now := t.conclusion(), r.o.Now()
	if err == nil {
		if rec.Warnings.Count > 0 {
			return rec.ended(Warning, now, nil)
		}
		return rec.ended(OK, now, nil)
	}
	err = t.preferWish(err)
	failure := r.o.Remedies.Explain(named(err))
	switch {
	case errors.Is(err, ErrShutdown) && rec.Requeue && failure.Code == remedy.CodeCancelled: // it has really stopped
		return rec.again(time.Time{}, &failure)
	case failure.Code == remedy.CodeCancelled && t.wished() != nil: // else something in it was cancelled by somebody else
		return rec.ended(Cancelled, now, &failure)
	case rec.State == Running && rec.Retry.Again(rec.Attempt, failure) && (rec.Requeue || !r.isClosing()):
		return rec.again(now.Add(rec.Retry.Delay(rec.Attempt, rand.Float64())), &failure)
	}
	return rec.ended(Failed, now, &failure)
}

// preferWish says that somebody wished it, of a task that stopped because the runner is being closed, if somebody did.
func (t *Task) preferWish(err error) error {
	var by *CancelError
	if errors.Is(err, ErrShutdown) && !errors.As(err, new(*ignoredError)) && errors.As(t.wished(), &by) {
		return by
	}
	return err
}

// conclusion is the present record with what the attempt came to, if there was one.
func (t *Task) conclusion() Record {
	t.mu.Lock()
	t.stop = nil
	rec := t.record
	t.mu.Unlock()
	if rec.State == Running {
		rec.Progress, rec.Warnings = t.run.Load().end()
	}
	return rec
}

// named gives the errors that the runner makes their codes.
func named(err error) error {
	switch {
	case errors.As(err, new(*ignoredError)):
		return remedy.New(remedy.CodeIgnoredCancel, remedy.Bug, "", err)
	case errors.As(err, new(*panicError)):
		return remedy.New(remedy.CodePanic, remedy.Bug, "", err)
	case errors.As(err, new(*CancelError)), errors.Is(err, ErrShutdown):
		return remedy.New(remedy.CodeCancelled, remedy.User, "", err)
	case errors.Is(err, ErrDeadline):
		return remedy.New(remedy.CodeDeadline, remedy.User, "", err)
	}
	return err
}
