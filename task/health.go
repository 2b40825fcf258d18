package task

import (
	"context"
	"time"
)

// Health is how a runner is at a moment.
type Health struct {
	Slots     int
	Queued    int       // tasks that wait
	Oldest    time.Time // when the one of them was made that waits longest; zero if none does
	Running   []Worker  // one for each slot that is taken
	Abandoned []UPID    // tasks that went on after they were asked to stop, and still do; they have no slot
	Paused    bool
	Closing   bool  // no tasks are taken on any more
	Trouble   error // the last error of the store or the queue; nil since one of them worked again
}

// Worker is a slot with a task in it.
type Worker struct {
	Task     UPID
	Since    time.Time // the attempt began
	LastSign time.Time // the last time that its counts were seen to have grown
	Stopping bool      // it was asked to stop
}

// Health tells how the runner is.
func (r *Runner) Health(ctx context.Context) (Health, error) {
	depth, err := r.o.Queue.Depth(ctx)
	r.mu.Lock()
	h := Health{Slots: r.o.Slots, Queued: depth, Paused: r.paused != nil, Closing: r.draining, Trouble: r.trouble}
	for _, t := range sorted(r.abandoned) {
		h.Abandoned = append(h.Abandoned, t.id)
	}
	closing := r.closing
	r.mu.Unlock()
	for _, t := range r.live() {
		h.add(t, closing)
	}
	return h, err
}

func (h *Health) add(t *Task, closing bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	switch {
	case t.record.State == Running:
		w := Worker{Task: t.id, Since: t.record.Started, LastSign: t.sign, Stopping: t.wish != nil || closing}
		h.Running = append(h.Running, w)
	case t.record.State == Queued && (h.Oldest.IsZero() || t.record.Created.Before(h.Oldest)):
		h.Oldest = t.record.Created
	}
}

// publish makes the progress of running tasks readable to others, and notes which of them show signs of life, until ctx
// is done.
func (r *Runner) publish(ctx context.Context) {
	tick := time.NewTicker(r.o.PublishEvery)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			for _, t := range r.occupants() {
				t.publish(r.o.Now())
			}
		case <-ctx.Done():
			return
		}
	}
}

// occupy notes that a task has a slot, and vacate that it has none any more.
func (r *Runner) occupy(t *Task) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.running[t.id] = t
}

func (r *Runner) vacate(t *Task) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.running, t.id)
}

// occupants returns the tasks that have a slot: few, however many wait.
func (r *Runner) occupants() []*Task {
	r.mu.Lock()
	defer r.mu.Unlock()
	return sorted(r.running)
}

func (t *Task) publish(now time.Time) {
	c := t.present()
	if c.State != Running {
		return
	}
	t.mu.Lock()
	if work := c.Progress.Work(); work != t.signed {
		t.sign, t.signed = now.UTC(), work
	}
	t.mu.Unlock()
	_ = t.claim.Publish(c.Progress) // others see what was published before; the change of state that follows will tell
}
