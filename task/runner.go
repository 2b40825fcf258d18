package task

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

// Func is what a task does. It is to return soon after ctx is done, with an error that wraps the context's; context.Cause
// says why it is done. What it returns becomes the end of the task:
//
//	nil                               OK, or Warning if Run.Warn was called
//	the context's error               Cancelled, if somebody asked it to stop
//	any other error, or a panic       Failed
type Func func(ctx context.Context, run *Run) error

// Runner runs tasks: each waits in a queue, gets a slot, and leaves a record. Its methods are safe for concurrent use.
type Runner struct {
	o     Options
	feed  *feed
	slots chan struct{}      // holds one for each slot that is taken
	loops sync.WaitGroup     // what NewRunner began
	work  sync.WaitGroup     // what has a slot, and what goes on beside
	stop  context.CancelFunc // ends the loops
	hurry chan struct{}      // closed when there is no time left for tasks that do not stop

	hurryOnce sync.Once

	mu        sync.Mutex
	tasks     map[UPID]*Task     // all that have not ended
	running   map[UPID]*Task     // those of them that have a slot
	abandoned map[UPID]*Task     // those that ended without stopping
	paused    chan struct{}      // closed when the pause is over; nil if there is none
	pulling   context.CancelFunc // ends the present wait for a ticket
	arriving  int                // calls that are about to add tasks
	beginning int                // tasks that were pulled and are not recorded as running yet
	draining  bool               // no task is taken on any more
	closing   bool               // those there are, are to stop
	patient   time.Time          // then: until when those that wait may try in vain to have their ends recorded
	changed   chan struct{}      // closed, and replaced, when one of these counts goes down, or a task leaves
	trouble   error              // of the store or the queue, the last one; nil when it works again
}

// NewRunner makes a runner, and takes over the tasks that a process before this one left behind: those with
// Spec.Requeue whose type has a handler are queued again, up to MaxInterruptions, others of this kind are left to whom they
// belong, and the rest are marked as failed. It is at work until Close.
func NewRunner(ctx context.Context, o Options) (*Runner, error) {
	if err := o.validate(); err != nil {
		return nil, err
	}
	looping, stop := context.WithCancel(context.Background())
	r := &Runner{o: o.withDefaults(), feed: newFeed(), stop: stop, hurry: make(chan struct{}), tasks: map[UPID]*Task{},
		running: map[UPID]*Task{}, abandoned: map[UPID]*Task{}, changed: make(chan struct{})}
	r.slots = make(chan struct{}, r.o.Slots)
	for _, loop := range []func(context.Context){r.dispatch, r.publish, r.feed.wakeAll} {
		r.loops.Go(func() { loop(looping) })
	}
	err, failed := r.recover(ctx)
	looked := errors.Is(err, ErrUnreadable)                       // the others are looked after, and lists name it
	needless := errors.Is(err, ErrBusy) && len(r.o.Handlers) == 0 // whoever does it cannot leave anything to this runner
	if looked || needless {
		r.troubled(err)
		err = nil
	}
	if err = errors.Join(err, failed); err != nil {
		return nil, errors.Join(err, r.Close(ctx))
	}
	return r, nil
}

// Recover does again what NewRunner does first, for a program that shares its store with others: their tasks too are
// looked after when they die. It returns ErrClosed when the runner takes on nothing more.
func (r *Runner) Recover(ctx context.Context) error {
	if !r.arrive() {
		return fmt.Errorf("recover tasks: %w", ErrClosed)
	}
	defer r.arrived()
	return errors.Join(r.recover(ctx))
}

// recover returns what went wrong while the store was looked through, and while tasks were taken over.
func (r *Runner) recover(ctx context.Context) (looking, taking error) {
	claims, looking := r.o.Store.Recover(ctx, r.o.Now(), r.judge)
	for _, claim := range claims {
		t := r.newTask(claim, r.o.Handlers[claim.Record().Type])
		taking = errors.Join(taking, r.enqueue(context.WithoutCancel(ctx), t)) // they are ours already
	}
	return looking, taking
}

// judge says what to do with a task whose process is gone.
func (r *Runner) judge(old Record) Verdict {
	switch {
	case !old.Requeue:
		return Interrupted
	case r.o.Handlers[old.Type] == nil:
		r.o.Logger.Warn("a task is left to a runner that has a handler of its type", "task", old.UPID)
		return LeaveAlone
	case old.State == Running && old.Interrupted >= MaxInterruptions:
		r.o.Logger.Error("a task was interrupted again and again, and is given up", "task", old.UPID)
		return Interrupted
	}
	return QueueAgain
}

// troubled notes an error that belongs to no task; nil says that all is well again.
func (r *Runner) troubled(err error) {
	r.mu.Lock()
	r.trouble = err
	r.mu.Unlock()
	if err != nil {
		r.o.Logger.Error("tasks are held up", "err", err)
	}
}
