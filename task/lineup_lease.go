package task

import (
	"context"
	"time"
)

// lease is a ticket that somebody holds.
type lease struct {
	queue *lineup
	place *place
	over  bool
}

func (l *lease) Ticket() Ticket { return l.place.Ticket }

func (l *lease) Done(context.Context) error {
	l.queue.mu.Lock()
	defer l.queue.mu.Unlock()
	if l.over {
		return nil
	}
	l.over = true
	delete(l.queue.places, l.place.UPID)
	l.queue.release(l.place)
	l.queue.serve()
	return nil
}

func (l *lease) Return(_ context.Context, notBefore time.Time) error {
	l.queue.mu.Lock()
	defer l.queue.mu.Unlock()
	if !l.over {
		l.over = true
		l.queue.letGo(l.place, notBefore)
	}
	return nil
}
