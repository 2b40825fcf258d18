package task

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/heirloom-backup/heirloom/task/progress"
	"github.com/heirloom-backup/heirloom/task/tasklog"
)

// Task is a task of this process: it is the runner's until it has ended. Its methods are safe for concurrent use.
type Task struct {
	id     UPID
	runner *Runner
	do     Func
	claim  Claim
	log    *tasklog.Handler
	done   chan struct{} // closed when it has ended

	mu      sync.Mutex
	record  Record // as it is in the store
	version int    // counts its changes
	err     error  // what the function returned
	wish    *Cancellation
	stop    context.CancelCauseFunc // asks the present attempt to stop; nil if there is none
	sign    time.Time               // when it last showed progress
	signed  progress.Count          // and how much

	run       atomic.Pointer[Run] // of the present attempt, or the last; nil if there was none
	abandoned atomic.Bool         // its function did not stop, and the runner does not wait for it
}

func (r *Runner) newTask(c Claim, f Func) *Task {
	t := &Task{id: c.Record().UPID, runner: r, do: f, claim: c, record: c.Record(), done: make(chan struct{})}
	t.log = tasklog.NewHandler(c.Log(), tasklog.Options{Level: r.o.LogLevel, Limit: r.o.LogLimit, Now: r.o.Now,
		Written: c.Log().Size(), Stage: t.stage})
	return t
}

// UPID returns the task's name.
func (t *Task) UPID() UPID { return t.id }

// Done returns what is closed when the task has ended.
func (t *Task) Done() <-chan struct{} { return t.done }

// Record returns the record, with the progress as it is now. Functions that are followed (progress.Stage.Follow) are asked
// for it; where they do not answer at once it is the progress that was seen last.
func (t *Task) Record() Record { return t.present().Record }

// state returns the state as it is in the store.
func (t *Task) state() State {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.record.State
}

// present returns the record, with the progress as it is now, and its version.
func (t *Task) present() change {
	t.mu.Lock()
	c, run := change{t.record, t.version}, t.run.Load()
	t.mu.Unlock()
	if c.State == Running {
		c.Progress = run.snapshot() // without the lock: it may call what the function gave us
	}
	return c
}

// Wait waits for the end of the task, and returns its last record and, unless the state is OK or Warning, the error of
// its function. If ctx ends first the error is the context's, and the task goes on.
func (t *Task) Wait(ctx context.Context) (Record, error) {
	select {
	case <-t.done:
		return t.Record(), t.err
	default:
	}
	select {
	case <-t.done:
		return t.Record(), t.err
	case <-ctx.Done():
		return t.Record(), fmt.Errorf("wait for %s: %w", t.id, ctx.Err())
	}
}

// Cancel asks the task to stop. Whoever asks first is the one whom the record names. It does not wait.
func (t *Task) Cancel(by, reason string) {
	t.cancel(Cancellation{By: by, Reason: reason, At: t.runner.o.Now().UTC()})
	t.runner.beside(t, t.leaveWish)
}

// stage returns the name of the stage that is going on, or in which the attempt ended.
func (t *Task) stage() string {
	run := t.run.Load()
	if run == nil {
		return ""
	}
	if reached := run.reached.Load(); reached != nil {
		return *reached
	}
	return run.tracker.Current()
}

// CancelError is the cause of the end of a task's context when somebody asked it to stop.
type CancelError struct{ Cancellation }

func (e *CancelError) Error() string {
	text := "cancelled"
	if e.By != "" {
		text += " by " + e.By
	}
	if e.Reason != "" {
		text += ": " + e.Reason
	}
	return text
}

// Is makes a CancelError a context.Canceled, for whoever does not look closer.
func (e *CancelError) Is(target error) bool { return target == context.Canceled }

// Causes of the end of a task's context, see context.Cause.
var (
	ErrDeadline = errors.New("the task's deadline has passed")
	ErrShutdown = errors.New("the runner is being closed")
)
