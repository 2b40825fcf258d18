package task

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// dispatch gives slots to tickets, until ctx is done or the queue closed.
func (r *Runner) dispatch(ctx context.Context) {
	for r.awaitTurn(ctx) {
		l, err := r.pull(ctx)
		switch {
		case err == nil:
			r.start(ctx, l)
			continue
		case errors.Is(err, ErrClosed):
			<-r.slots
			return
		case errors.Is(err, context.Canceled): // by a pause, or for good
			r.endWished()
		default:
			r.troubled(fmt.Errorf("take a task from the queue: %w", err))
			rest(ctx.Done(), time.Second)
		}
		<-r.slots
	}
}

// awaitTurn waits until there is a slot and no pause. It returns false when ctx is done.
func (r *Runner) awaitTurn(ctx context.Context) bool {
	select {
	case r.slots <- struct{}{}:
	case <-ctx.Done():
		return false
	}
	for pause := r.pause(); pause != nil; pause = r.pause() {
		select {
		case <-pause:
		case <-ctx.Done():
			<-r.slots
			return false
		}
	}
	return true
}

// pull waits for a ticket, until a pause begins.
func (r *Runner) pull(ctx context.Context) (Lease, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	r.mu.Lock()
	r.pulling = cancel
	paused := r.paused != nil
	r.mu.Unlock()
	if paused {
		return nil, context.Canceled
	}
	l, err := r.o.Queue.Pull(ctx)
	if err == nil && !r.mayBegin() {
		return nil, errors.Join(context.Canceled, l.Return(context.WithoutCancel(ctx), l.Ticket().NotBefore))
	}
	return l, err
}

// endWished ends the tasks that are to stop and do not run. One whose ticket was out of the queue for a moment, to be
// given back because of a pause, could not be ended when somebody asked for it.
func (r *Runner) endWished() {
	for _, t := range r.live() {
		t.endIfWished()
	}
}

// start has a goroutine work on the task whose ticket was pulled.
func (r *Runner) start(ctx context.Context, l Lease) {
	t := r.Task(l.Ticket().UPID)
	if t == nil { // it has ended between being pulled and now
		r.begun()
		r.troubled(l.Done(ctx))
		<-r.slots
		return
	}
	r.work.Go(func() {
		defer func() { <-r.slots }()
		r.attend(t, l)
	})
}

// pause returns what is closed when the pause is over, nil if there is none.
func (r *Runner) pause() <-chan struct{} {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.paused == nil {
		return nil
	}
	return r.paused
}

// mayBegin lets a task begin unless there is a pause; begun is to follow.
func (r *Runner) mayBegin() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.paused == nil {
		r.beginning++
	}
	return r.paused == nil
}

// begun notes that a task that was let begin is recorded as running, or will not be.
func (r *Runner) begun() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.beginning--
	r.tellChangedLocked()
}

// Pause lets no more tasks begin until Resume is called: it waits for the store to record those that are about to. What
// is running goes on, and tasks may be submitted.
func (r *Runner) Pause() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.paused == nil {
		r.paused = make(chan struct{})
	}
	if r.pulling != nil {
		r.pulling()
	}
	for r.beginning > 0 {
		changed := r.changed
		r.mu.Unlock()
		<-changed
		r.mu.Lock()
	}
}

// Resume ends a pause.
func (r *Runner) Resume() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.paused != nil {
		close(r.paused)
		r.paused = nil
	}
}

// rest waits, but not longer than until over is closed.
func rest(over <-chan struct{}, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-over:
	}
}

func isClosed(c <-chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}
