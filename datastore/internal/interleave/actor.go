package interleave

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"slices"
	"sync"
)

var (
	errOver   = errors.New("the schedule has ended")
	errGoexit = errors.New("the program ended its goroutine without returning, as a failed requirement does")
)

// actor is an Actor at work.
type actor struct {
	Actor
	index  int
	cancel context.CancelFunc
	wake   chan<- struct{} // told of each announcement, and of the end

	mu       sync.Mutex // never held while anything waits
	pending  []*call
	arrivals int
	refuse   error // what operations fail with from now on
	ended    bool
	outcome  error
	panicked error

	// The scheduler's own.
	crashed bool
	fresh   bool   // a crash at this point of the program has not been passed over yet
	moves   int    // operations that have happened
	puts    int    // those of them that stored something
	history digest // of all that the actor has learned from the storage
}

func (a *actor) start(ctx context.Context) {
	ctx, a.cancel = context.WithCancel(ctx)
	go func() {
		err := errGoexit
		defer func() {
			if p := recover(); p != nil {
				a.panicked = fmt.Errorf("%s panicked: %v\n%s", a.Name, p, debug.Stack())
			}
			a.end(err)
		}()
		err = a.Run(ctx, gate{a})
	}()
}

func (a *actor) end(err error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.ended, a.outcome = true, err
	a.rouse()
}

// rouse ends the scheduler's wait, or its next one: wake has room for one signal, and one is enough.
func (a *actor) rouse() {
	select {
	case a.wake <- struct{}{}:
	default:
	}
}

func (a *actor) announce(c *call) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.refuse != nil {
		return a.refuse
	}
	a.arrivals++
	c.arrival = a.arrivals
	a.pending = append(a.pending, c)
	a.rouse()
	return nil
}

func (a *actor) withdraw(c *call) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.pending = slices.DeleteFunc(a.pending, func(p *call) bool { return p == c })
}

// verdict is the error of a call that did not happen. After a crash it is always ErrCrashed: whether the end of the
// context or the refusal is seen first would be chance.
func (a *actor) verdict(c *call, err error) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.refuse != nil {
		err = a.refuse
	}
	return fmt.Errorf("%s %s: %w", c.kind, c.name, err)
}

// stop makes all operations fail, those that wait and those to come, and ends the actor's context.
func (a *actor) stop(reason error) {
	a.mu.Lock()
	if a.refuse == nil {
		a.refuse = reason
	}
	calls := a.pending
	a.pending = nil
	a.mu.Unlock()
	for _, c := range calls {
		c.fail(reason)
	}
	a.cancel()
}

// next returns the call that goes first, or nil if there is none.
func (a *actor) next(names *naming) *call {
	a.mu.Lock()
	defer a.mu.Unlock()
	return first(a.pending, names)
}

// gone says whether Run has ended and left no operation behind.
func (a *actor) gone() bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.ended && len(a.pending) == 0
}

// result returns what Run returned, and how it panicked if it did.
func (a *actor) result() (outcome, panicked error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.crashed {
		return ErrCrashed, a.panicked
	}
	return a.outcome, a.panicked
}
