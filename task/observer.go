package task

import (
	"context"
	"fmt"
	"time"
)

// observer is one who watches.
type observer struct {
	runner *Runner
	Watching
	yield func(Event, error) bool
	first []change // the tasks that were live when it began
	next  uint64   // number of the next change
	live  map[UPID]*watched
	begun map[UPID]int    // of the tasks that were live when it began, the version that is told
	gone  <-chan struct{} // closed when the one task that is watched has ended
	ended bool            // and it was told
	left  bool            // it is no observer any more
}

// newObserver looks at the feed first and at the tasks after that: what changes in between is in both. Who watches one
// task looks at no other: a hundred thousand may wait.
func newObserver(r *Runner, w Watching) *observer {
	o := &observer{runner: r, Watching: w, next: r.feed.join(), live: map[UPID]*watched{}, begun: map[UPID]int{}}
	o.ended = !o.Task.IsZero()
	for _, t := range o.watchable() {
		t.mu.Lock()
		c := change{t.record, t.version}
		t.mu.Unlock()
		c.Payload = nil
		if t.id == o.Task {
			o.gone, o.ended = t.done, false
		}
		o.first = append(o.first, c)
	}
	return o
}

// watchable returns the live tasks that the observer cares for.
func (o *observer) watchable() []*Task {
	if o.Task.IsZero() {
		return o.runner.live()
	}
	if t := o.runner.Task(o.Task); t != nil {
		return []*Task{t}
	}
	return nil
}

// watched is a task that an observer knows to be live.
type watched struct {
	task    *Task
	version int       // that was told
	taken   time.Time // when the last progress that was told was taken
}

func (o *observer) watch(ctx context.Context) error {
	defer o.leave()
	if !o.begin() {
		return nil
	}
	tick := time.NewTicker(o.Every)
	defer tick.Stop()
	for {
		left := o.runner.leaving() // before the changes, so that the last task's are among them
		wake, more, err := o.changes()
		if err != nil || !more || o.UntilIdle && left == nil && wake != o.runner.feed.awake {
			return err
		}
		select {
		case <-wake:
		case <-o.idle(left):
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

// leave lets the feed forget what only this observer has not seen.
func (o *observer) leave() {
	if !o.left {
		o.left = true
		o.runner.feed.leave()
	}
}

// idle returns left if the observer cares.
func (o *observer) idle(left <-chan struct{}) <-chan struct{} {
	if o.UntilIdle {
		return left
	}
	return nil
}

// begin tells the tasks that were live at first, and returns whether the observer wants to learn more.
func (o *observer) begin() bool {
	first := o.first
	o.first = nil
	for _, c := range first {
		if !o.told(c) {
			return false
		}
		o.begun[c.UPID] = c.version
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
	delete(o.begun, c.UPID) // what follows is later still
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
