package task

import (
	"cmp"
	"context"
	"errors"
	"iter"
	"time"
)

// Event is what an observer learns of a task.
type Event struct {
	Record  Record // as it became, or, of progress, as it is now; without Payload
	Changed bool   // the state is another one; else only the progress has changed
}

// Watching says what an observer wants to learn. The zero value of each field does something sensible.
type Watching struct {
	Task      UPID          // only this one, to its end; zero: all of the runner
	UntilIdle bool          // to the moment in which the runner has no task that has not ended
	Every     time.Duration // progress is told at most so often; 0 stands for 250 ms
}

// ErrSlow says that an observer was so slow that changes of state it has not learned are forgotten. They are in the store.
var ErrSlow = errors.New("the observer is too slow")

// Watch tells what happens to the runner's tasks, from the moment of the call. It begins with the tasks that have not ended, as
// events that say Changed. From then on each change of state is told, once and in its order, after it has become
// durable. Progress is told as it is at the time, and what passed in between is left out. No observer holds up the
// work, or another observer; one that falls more than 4,096 changes behind gets ErrSlow.
//
// It ends without an error when the runner is closed, when the one task that is watched has ended, or when there is none
// left if that was asked for; and with the context's error when ctx ends. The sequence is to be ranged over,
// once: from the call on the changes are kept for it.
func (r *Runner) Watch(ctx context.Context, w Watching) iter.Seq2[Event, error] {
	w.Every = cmp.Or(max(0, w.Every), 250*time.Millisecond)
	o := newObserver(r, w)
	return func(yield func(Event, error) bool) {
		o.yield = yield
		if err := o.watch(ctx); err != nil {
			yield(Event{}, err)
		}
	}
}

// Watch tells what happens to the task; see Runner.Watch. Of one that has ended it tells the last record.
func (t *Task) Watch(ctx context.Context, every time.Duration) iter.Seq2[Event, error] {
	events := t.runner.Watch(ctx, Watching{Task: t.id, Every: every})
	return func(yield func(Event, error) bool) {
		told := false
		for e, err := range events {
			if !yield(e, err) || err != nil {
				return
			}
			told = told || e.Record.State.Final()
		}
		if !told && ctx.Err() == nil {
			r := t.Record()
			r.Payload = nil
			yield(Event{Record: r, Changed: true}, nil)
		}
	}
}
