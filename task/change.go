package task

import (
	"errors"
	"fmt"
	"time"

	"github.com/heirloom-backup/heirloom/task/progress"
	"github.com/heirloom-backup/heirloom/task/remedy"
)

// CheckNew says why r is not the record of a new task. Stores ask it before they take one.
func CheckNew(r Record) error {
	if err := CheckTransition("", r.State); err != nil {
		return err
	}
	return r.check()
}

// CheckUpdate says why a record cannot follow the one before it. Stores ask it before they change one.
func CheckUpdate(before, after Record) error {
	if before.UPID != after.UPID {
		return fmt.Errorf("record of %s does not follow that of %s", after.UPID, before.UPID)
	}
	if err := CheckTransition(before.State, after.State); err != nil {
		return fmt.Errorf("%s: %w", before.UPID, err)
	}
	return after.check()
}

// check holds a record to what its comments say.
func (r *Record) check() error {
	switch {
	case r.UPID.Validate() != nil:
		return r.UPID.Validate()
	case r.Type != r.UPID.Type || r.User != r.UPID.Auth:
		return fmt.Errorf("%s: the record is of type %q and user %q", r.UPID, r.Type, r.User)
	case r.State.Final() == r.Ended.IsZero():
		return fmt.Errorf("%s: the state is %s and the end %v", r.UPID, r.State, r.Ended)
	case r.State.Final() && r.Ended.Before(r.Started):
		return fmt.Errorf("%s: the end is before the beginning", r.UPID)
	}
	return r.Spec.validate()
}

// newRecord is what a task begins with.
func newRecord(id UPID, spec Spec, now time.Time) Record {
	return Record{UPID: id, Spec: spec, State: Queued, Created: now.UTC()}
}

// begun is the record of a task that leaves the queue.
func (r Record) begun(now time.Time) Record {
	r.State, r.Started, r.NotBefore = Running, now.UTC(), time.Time{}
	r.Failure, r.Warnings, r.Progress = nil, Warnings{}, progress.Snapshot{}
	r.Attempt++
	return r
}

// ended is the record of a task that is over. A clock that was set back does not let it end before it began.
func (r Record) ended(s State, now time.Time, f *remedy.Failure) Record {
	r.State, r.Ended, r.NotBefore, r.Failure = s, now.UTC(), time.Time{}, f
	if r.Ended.Before(r.Started) {
		r.Ended = r.Started
	}
	return r
}

// again is the record of a task that goes back to the queue.
func (r Record) again(notBefore time.Time, f *remedy.Failure) Record {
	r.State, r.NotBefore, r.Failure, r.Interrupted = Queued, notBefore.UTC(), f, 0
	return r
}

var (
	errInterrupted = errors.New("the process that ran the task is gone")
	errNeverBegun  = errors.New("the process that was to run the task is gone")
)

// lastSign is the latest time in a record, as far as it is not after now.
func (r *Record) lastSign(now time.Time) time.Time {
	sign := r.Created
	for _, t := range []time.Time{r.Started, r.Progress.Taken} {
		if t.After(sign) && !t.After(now) {
			sign = t
		}
	}
	return sign
}

// AfterInterruption returns the record of a task whose process is gone: failed, with its end at the last sign of life and a
// log of that size, or queued again.
func (r Record) AfterInterruption(v Verdict, lastSign time.Time, logSize int64) Record {
	err := errInterrupted
	if r.State == Queued {
		err = errNeverBegun
	}
	failure := remedy.System().Explain(remedy.New(remedy.CodeInterrupted, remedy.Transient, "", err))
	switch {
	case v == QueueAgain && r.State == Queued:
		return r // it waits already
	case v == QueueAgain:
		next := r.again(time.Time{}, &failure)
		next.Interrupted = r.Interrupted + 1
		return next
	}
	r.LogSize = logSize
	return r.ended(Failed, lastSign, &failure)
}

// AfterCancellation returns the record of a task whose process is gone, and which somebody had asked to stop.
func (r Record) AfterCancellation(c Cancellation, lastSign time.Time, logSize int64) Record {
	failure := remedy.System().Explain(named(&CancelError{c}))
	r.LogSize = logSize
	return r.ended(Cancelled, lastSign, &failure)
}
