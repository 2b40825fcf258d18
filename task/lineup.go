package task

import (
	"context"
	"sync"
	"time"
)

// NewQueue makes a queue in memory. It is gone with the process; the records of a store then tell what was in it.
func NewQueue(limits Limits) Queue {
	return &lineup{gates: newGates(limits), places: map[UPID]*place{}, ready: &line{before: sooner}, later: &line{before: earlier}}
}

// lineup is a queue in memory. A ticket waits in one line: ready, later, or that of the gate that held it back. Gates
// that open let one ticket through to the ready line, so that the work for each ticket does not grow with their number.
type lineup struct {
	mu      sync.Mutex
	gates   *gates
	places  map[UPID]*place // of all tickets, those that are held as well
	ready   *line
	later   *line // until their time comes
	pushed  uint64
	held    int // tickets that somebody holds
	waiting []*puller
	alarm   *time.Timer
	closed  bool
}

// place is where a ticket is.
type place struct {
	Ticket
	order uint64 // of being pushed
	line  *line  // nil: somebody holds it
	index int    // in the line
}

// puller is somebody who waits for a ticket.
type puller struct {
	got chan *place // has room for one
}

func (q *lineup) Push(ctx context.Context, t Ticket) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case q.closed:
		return ErrClosed
	case q.places[t.UPID] != nil:
		return ErrExists
	}
	q.pushed++
	p := &place{Ticket: t, order: q.pushed}
	q.places[t.UPID] = p
	q.admit(p)
	q.serve()
	return nil
}

// admit puts a ticket where it waits first.
func (q *lineup) admit(p *place) {
	if time.Until(p.NotBefore) > 0 {
		q.later.push(p)
		q.setAlarm()
		return
	}
	q.ready.push(p)
}

func (q *lineup) Pull(ctx context.Context) (Lease, error) {
	w, err := q.await(ctx)
	if err != nil {
		return nil, err
	}
	select {
	case p, open := <-w.got:
		if !open {
			return nil, ErrClosed
		}
		return &lease{queue: q, place: p}, nil
	case <-ctx.Done():
		q.leave(w)
		return nil, ctx.Err()
	}
}

func (q *lineup) await(ctx context.Context) (*puller, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if q.closed {
		return nil, ErrClosed
	}
	w := &puller{got: make(chan *place, 1)}
	q.waiting = append(q.waiting, w)
	q.serve()
	return w, nil
}

// leave takes back what a puller got in the moment in which it gave up.
func (q *lineup) leave(w *puller) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for i, other := range q.waiting {
		if other == w {
			q.waiting = append(q.waiting[:i], q.waiting[i+1:]...)
			return
		}
	}
	if p, open := <-w.got; open {
		q.letGo(p, p.NotBefore)
	}
}

func (q *lineup) Remove(_ context.Context, id UPID) (bool, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	p := q.places[id]
	if p == nil || p.line == nil {
		return false, nil
	}
	p.line.remove(p)
	delete(q.places, id)
	q.passOn(p)
	q.serve()
	return true, nil
}

func (q *lineup) Depth(context.Context) (int, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	return len(q.places) - q.held, nil
}

func (q *lineup) Close() error {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.closed = true
	for _, w := range q.waiting {
		close(w.got)
	}
	q.waiting = nil
	q.setAlarm()
	return nil
}
