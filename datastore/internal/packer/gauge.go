package packer

import "sync"

// gauge counts work under way and lets somebody wait until it is done.
type gauge struct {
	mu   sync.Mutex
	cond *sync.Cond
	n    int
}

func (g *gauge) init() { g.cond = sync.NewCond(&g.mu) }

func (g *gauge) add(n int) {
	g.mu.Lock()
	g.n += n
	g.mu.Unlock()
	g.cond.Broadcast()
}

func (g *gauge) wait() {
	g.mu.Lock()
	defer g.mu.Unlock()
	for g.n > 0 {
		g.cond.Wait()
	}
}
