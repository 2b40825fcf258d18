package backendtest

import (
	"context"
	"fmt"
	"sync"
)

// Gate holds calls until the test lets them go. Hold makes one.
type Gate struct {
	arrived, released       chan struct{}
	arriveOnce, releaseOnce sync.Once
}

func newGate() *Gate { return &Gate{arrived: make(chan struct{}), released: make(chan struct{})} }

// Reached waits until a call is held, or the context ends.
func (g *Gate) Reached(ctx context.Context) error {
	select {
	case <-g.arrived:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("no call reached the gate: %w", ctx.Err())
	}
}

// Release lets the held calls and all that come later go on. It may be called more than once.
func (g *Gate) Release() { g.releaseOnce.Do(func() { close(g.released) }) }

func (g *Gate) pass(ctx context.Context) error {
	g.arriveOnce.Do(func() { close(g.arrived) })
	select {
	case <-g.released:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("held: %w", ctx.Err())
	}
}
