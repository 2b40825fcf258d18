package task

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/heirloom-backup/heirloom/task/remedy"
)

// tell writes how an attempt ended to the task's log, also where the log is full, and closes it if that was the last. If
// all is well there is nothing to say.
func (r *Runner) tell(t *Task, next *Record, err error) {
	if next.Failure != nil {
		tellFailure(slog.New(t.log.Unlimited()), next, err)
	}
	if next.State.Final() {
		if err := t.log.Close(); err != nil {
			r.troubled(fmt.Errorf("write the log of %s: %w", t.id, err))
		}
		next.LogSize = t.claim.Log().Size()
	}
}

func tellFailure(log *slog.Logger, next *Record, err error) {
	if p := new(*panicError); errors.As(err, p) {
		log.Error("panic", "value", fmt.Sprint((*p).value), "stack", string((*p).stack))
	}
	attrs := []any{"state", next.State, "code", next.Failure.Code, "tip", next.Failure.Tip}
	if next.State == Queued {
		attrs = append(attrs, "not_before", next.NotBefore)
	}
	level := slog.LevelWarn
	if next.State == Failed {
		level = slog.LevelError
	}
	log.Log(context.Background(), level, next.Failure.Message, attrs...)
}

// move makes a change of state durable, and then tells everybody. It takes no context: nobody would know what is in the
// store if it were interrupted.
func (t *Task) move(next Record) error {
	if err := t.claim.Update(context.Background(), next); err != nil && !t.isRecorded(next) {
		return err
	}
	t.runner.troubled(nil)
	t.mu.Lock()
	t.record = next
	t.version++
	c := change{next, t.version}
	t.mu.Unlock()
	t.runner.feed.add(c)
	return nil
}

// isRecorded tells whether a change is in the store although the store returned an error.
func (t *Task) isRecorded(next Record) bool {
	now := t.claim.Record()
	return now.State == next.State && now.Attempt == next.Attempt && now.Ended.Equal(next.Ended)
}

// putBack returns the ticket of a task that is to be tried again. A wish to stop it may have come meanwhile.
func (r *Runner) putBack(t *Task, l Lease, notBefore time.Time) {
	if err := l.Return(context.Background(), r.due(notBefore)); err != nil {
		r.troubled(err)
	}
	t.endIfWished()
}

// due is a time of a record as the queue has it, which goes by the time that passes, whatever the runner's clock says.
func (r *Runner) due(notBefore time.Time) time.Time {
	if notBefore.IsZero() {
		return notBefore
	}
	return time.Now().Add(min(notBefore.Sub(r.o.Now()), remedy.MaxPause)) // a clock may have been ahead
}

// leave lets go of a task that has ended, or whose end is not this runner's business any more.
func (r *Runner) leave(t *Task, l Lease, err error) {
	t.mu.Lock()
	t.err = err
	t.mu.Unlock()
	if !t.abandoned.Load() {
		r.letGo(t, l)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.tasks[t.id] == t { // else it was let go of, and is recovered already
		delete(r.tasks, t.id)
	}
	close(t.done) // whoever finds it gone finds it done
	r.tellChangedLocked()
}

// letGo gives back the ticket and then, if the store could not be told that the task has ended, the claim: whoever recovers it
// finds its ticket gone.
func (r *Runner) letGo(t *Task, l Lease) {
	var err error
	if l != nil {
		err = l.Done(context.Background())
	}
	if err = errors.Join(err, t.claim.Release()); err != nil {
		r.troubled(fmt.Errorf("let go of %s: %w", t.id, err))
	}
}
