package task

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Drain takes on no more tasks and waits until those there are have ended, the waiting ones included. If ctx ends first
// it returns the context's error, and they go on; Close is then the way to stop them.
func (r *Runner) Drain(ctx context.Context) error {
	r.mu.Lock()
	r.draining = true
	r.mu.Unlock()
	return r.awaitEmpty(ctx)
}

// Close stops everything and waits until all is over. Running tasks are asked to stop and have the grace period for it;
// waiting ones are cancelled. Those with Spec.Requeue stay in the store as queued, for the next process, also if they fail
// now in a way that may pass and have an attempt left. Where the store refuses to record it, Close takes Options.Patience
// for all that wait together. When ctx ends, that and the grace period do too. The error names the tasks that go on
// nevertheless. The store is the caller's to close.
func (r *Runner) Close(ctx context.Context) error {
	r.beginClosing()
	stop := context.AfterFunc(ctx, func() { r.hurryOnce.Do(func() { close(r.hurry) }) })
	defer stop()
	for _, t := range slices.Concat(r.occupants(), r.live()) { // those that run first: to end the others may take a while
		t.shutDown()
	}
	err := r.awaitEmpty(context.WithoutCancel(ctx))
	r.stop()
	r.loops.Wait() // first: one of them starts work
	r.work.Wait()
	return errors.Join(err, r.o.Queue.Close(), r.abandonedErr())
}

func (r *Runner) beginClosing() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.closing {
		r.patient = time.Now().Add(r.o.Patience)
	}
	r.draining, r.closing = true, true
}

// awaitEmpty waits until no task is left, and none is on its way.
func (r *Runner) awaitEmpty(ctx context.Context) error {
	for {
		r.mu.Lock()
		left, changed := len(r.tasks)+r.arriving, r.changed
		r.mu.Unlock()
		if left == 0 {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return fmt.Errorf("wait for %d tasks: %w", left, ctx.Err())
		}
	}
}

// leaving returns what is closed when the next task leaves, nil if none is left and none is on its way.
func (r *Runner) leaving() <-chan struct{} {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.tasks)+r.arriving == 0 {
		return nil
	}
	return r.changed
}

// live returns the tasks that have not ended, in the order of their UPIDs.
func (r *Runner) live() []*Task {
	r.mu.Lock()
	defer r.mu.Unlock()
	return sorted(r.tasks)
}

func sorted(byName map[UPID]*Task) []*Task {
	list := make([]*Task, 0, len(byName))
	for _, t := range byName {
		list = append(list, t)
	}
	slices.SortFunc(list, func(a, b *Task) int { return a.id.Compare(b.id) })
	return list
}

// abandonedErr names the tasks whose functions go on.
func (r *Runner) abandonedErr() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.abandoned) == 0 {
		return nil
	}
	var names []string
	for _, t := range sorted(r.abandoned) {
		names = append(names, t.id.String())
	}
	return fmt.Errorf("close runner: these did not stop, and end with the process: %s", strings.Join(names, " "))
}

func (r *Runner) isClosing() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.closing
}

// arrive lets tasks in, until arrived is called. It returns false if none are taken on any more.
func (r *Runner) arrive() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.draining {
		r.arriving++
	}
	return !r.draining
}

func (r *Runner) arrived() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.arriving--
	r.tellChangedLocked()
}

// tellChangedLocked wakes those who wait for a change.
func (r *Runner) tellChangedLocked() {
	close(r.changed)
	r.changed = make(chan struct{})
}
