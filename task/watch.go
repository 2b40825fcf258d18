package task

import (
	"context"
	"errors"
	"fmt"
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
	Task  UPID          // only this one, to its end; zero: all of the runner
	Every time.Duration // progress is told at most so often; 0 stands for 250 ms
}

// ErrSlow says that an observer was so slow that changes of state it has not learned are forgotten. They are in the store.
var ErrSlow = errors.New("the observer is too slow")

// Watch tells what happens to the runner's tasks while the caller ranges over it. It begins with the tasks that have not
// ended, as events that say Changed. From then on each change of state is told, once and in its order, after it has
// become durable. Progress is told as it is at the time, and what passed in between is left out. No observer holds up
// the work, or another observer; one that falls more than 8,192 changes behind gets ErrSlow.
//
// It ends without an error when the runner is closed or the one task that is watched has ended, and with the context's
// error when ctx ends.
func (r *Runner) Watch(ctx context.Context, w Watching) iter.Seq2[Event, error] {
	return func(yield func(Event, error) bool) {
		if w.Every <= 0 {
			w.Every = 250 * time.Millisecond
		}
		o := &observer{runner: r, Watching: w, yield: yield, live: map[UPID]*watched{}, begun: map[UPID]int{}}
		if err := o.watch(ctx); err != nil {
			yield(Event{}, err)
		}
	}
}

// Watch tells what happens to the task; see Runner.Watch. Of one that has ended it tells the last record.
func (t *Task) Watch(ctx context.Context, every time.Duration) iter.Seq2[Event, error] {
	return func(yield func(Event, error) bool) {
		told := false
		for e, err := range t.runner.Watch(ctx, Watching{Task: t.id, Every: every}) {
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

// observer is one who watches.
type observer struct {
	runner *Runner
	Watching
	yield func(Event, error) bool
	next  uint64 // number of the next change
	live  map[UPID]*watched
	begun map[UPID]int    // of the tasks that were live when it began, the version that was told
	gone  <-chan struct{} // closed when the one task that is watched has ended
	ended bool            // and it was told
}

// watched is a task that an observer knows to be live.
type watched struct {
	task    *Task
	version int       // that was told
	taken   time.Time // when the last progress that was told was taken
}

func (o *observer) watch(ctx context.Context) error {
	o.next = o.runner.feed.join()
	defer o.runner.feed.leave()
	if !o.begin() {
		return nil
	}
	tick := time.NewTicker(o.Every)
	defer tick.Stop()
	for {
		wake, more, err := o.changes()
		if err != nil || !more {
			return err
		}
		select {
		case <-wake:
		case <-o.gone: // its last change, if it could be recorded, is among those to come
			o.gone, o.ended = nil, true
		case <-tick.C:
			if !o.progress() {
				return nil
			}
		case <-ctx.Done():
			return fmt.Errorf("watch tasks: %w", ctx.Err())
		}
	}
}

// begin tells the tasks that are live, and returns whether the observer wants to learn more.
func (o *observer) begin() bool {
	o.ended = !o.Task.IsZero()
	for _, t := range o.runner.live() {
		t.mu.Lock()
		c := change{t.record, t.version}
		t.mu.Unlock()
		c.Payload = nil
		if t.id == o.Task {
			o.gone, o.ended = t.done, false
		}
		if !o.told(c) {
			return false
		}
		o.begun[t.id] = c.version
	}
	return true
}

// changes tells the changes of state since the last call, and returns what is closed when there are more; more is false
// when there will be none.
func (o *observer) changes() (wake <-chan struct{}, more bool, err error) {
	changes, next, wake, over, ok := o.runner.feed.from(o.next)
	if !ok {
		return nil, false, fmt.Errorf("watch tasks: %w: %d changes behind", ErrSlow, next-o.next)
	}
	o.next = next
	for _, c := range changes {
		if !o.told(c) {
			return nil, false, nil
		}
	}
	behind := wake == o.runner.feed.awake
	return wake, behind || !over && !o.ended, nil
}

// told tells a change of state, and returns whether the observer wants to learn more. A change that was made before the
// look at the live tasks may come from the feed too, and is not told again.
func (o *observer) told(c change) bool {
	if version, ok := o.begun[c.UPID]; ok && c.version <= version || !o.Task.IsZero() && c.UPID != o.Task {
		return true
	}
	o.ended = o.ended || c.UPID == o.Task && c.State.Final()
	if c.State.Final() {
		delete(o.live, c.UPID)
	} else if w := o.live[c.UPID]; w != nil {
		w.version = c.version
	} else if t := o.runner.Task(c.UPID); t != nil {
		o.live[c.UPID] = &watched{task: t, version: c.version}
	}
	return o.yield(Event{Record: c.Record, Changed: true}, nil)
}

// progress tells the progress of the tasks that run, and returns whether the observer wants to learn more.
func (o *observer) progress() bool {
	for id, w := range o.live {
		if o.runner.Task(id) == nil { // its end is still to be told, or could not be recorded
			delete(o.live, id)
			continue
		}
		c := w.task.present()
		if c.version != w.version || c.State != Running || !c.Progress.Taken.After(w.taken) {
			continue
		}
		w.taken, c.Payload = c.Progress.Taken, nil
		if !o.yield(Event{Record: c.Record}, nil) {
			return false
		}
	}
	return true
}
