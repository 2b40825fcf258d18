package task

import (
	"context"
	"errors"
	"time"
)

// Queue decides which task is next. NewQueue makes one in memory. Package tasktest has the test that every queue passes.
//
// A queue is safe for concurrent use. A ticket that was pushed is handed out until somebody says that it is done: to
// one holder at a time, and again if the holder gives it back or is found dead.
type Queue interface {
	// Push adds a ticket. It returns ErrExists for a task that is in the queue already or is being worked on.
	Push(ctx context.Context, t Ticket) error

	// Pull waits until a ticket may go ahead, and hands it out: of those whose NotBefore is past and whom no limit
	// holds back, the one of the highest priority, and among equals the one that was pushed first. A ticket that is
	// held back does not hold up those behind it. It returns the context's error, or ErrClosed.
	Pull(ctx context.Context) (Lease, error)

	// Remove takes a ticket out that nobody holds, and tells whether it did.
	Remove(ctx context.Context, id UPID) (bool, error)

	// Depth returns how many tickets wait.
	Depth(ctx context.Context) (int, error)

	// Close wakes those who wait in Pull. Tickets that are held may still be returned or done.
	Close() error
}

// Ticket is the place of one task in a queue.
type Ticket struct {
	UPID      UPID
	Key       string // see Limits
	Priority  int    // the higher goes first
	NotBefore time.Time
}

// Lease is the right to work on a task, which ends with Done or Return; a second call does nothing.
type Lease interface {
	Ticket() Ticket

	// Done takes the task out of the queue for good.
	Done(ctx context.Context) error

	// Return puts it back, for not before the given time.
	Return(ctx context.Context, notBefore time.Time) error
}

// Limits says how many tasks may be worked on at a time, apart from the number of slots. They are those of one queue, and
// so of one runner: another runner on the same store, in this process or another, has limits and keys of its own.
type Limits struct {
	Types map[string]int // of a type; one that is not named has no limit, and 0 lets none of them begin
	Keys  map[string]int // of a key; one that is not named has the limit 1
}

// ErrClosed says that a queue or a runner takes on nothing more.
var ErrClosed = errors.New("closed")
