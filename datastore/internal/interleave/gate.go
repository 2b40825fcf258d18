package interleave

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"io"
	"iter"
	"slices"

	"github.com/heirloom-backup/heirloom/datastore/backend"
)

// call is an operation that waits for the scheduler.
type call struct {
	ctx            context.Context
	kind           backend.Kind
	name           string
	data           []byte // of a put
	offset, length int64  // of a get

	arrival int           // among the actor's calls
	done    chan struct{} // closed when the rest is set
	found   []byte        // by a get
	listed  []backend.Info
	err     error
}

// gate is an actor's way to the storage.
type gate struct{ actor *actor }

// pass waits until the call has happened, or cannot happen any more.
func (g gate) pass(c *call) error {
	if err := c.ctx.Err(); err != nil {
		return g.actor.verdict(c, err)
	}
	c.done = make(chan struct{})
	if err := g.actor.announce(c); err != nil {
		return g.actor.verdict(c, err)
	}
	select {
	case <-c.done:
		return c.err
	case <-c.ctx.Done():
		// The scheduler acts only when every goroutine waits, so it has not taken up this call at the same moment. It may be
		// failing it, at the end of a schedule: the call itself is left alone.
		g.actor.withdraw(c)
		return g.actor.verdict(c, c.ctx.Err())
	}
}

// Put implements backend.Backend.
func (g gate) Put(ctx context.Context, name string, data []byte) error {
	return g.pass(&call{ctx: ctx, kind: backend.KindPut, name: name, data: data})
}

// Get implements backend.Backend. All that the reader yields is read in the moment the operation happens.
func (g gate) Get(ctx context.Context, name string, offset, length int64) (io.ReadCloser, error) {
	c := &call{ctx: ctx, kind: backend.KindGet, name: name, offset: offset, length: length}
	if err := g.pass(c); err != nil {
		return nil, err
	}
	return io.NopCloser(bytes.NewReader(c.found)), nil
}

// List implements backend.Backend. The whole listing is one operation.
func (g gate) List(ctx context.Context, prefix string) iter.Seq2[backend.Info, error] {
	return func(yield func(backend.Info, error) bool) {
		c := &call{ctx: ctx, kind: backend.KindList, name: prefix}
		if err := g.pass(c); err != nil {
			yield(backend.Info{}, err)
			return
		}
		for _, info := range c.listed {
			if !yield(info, nil) {
				return
			}
		}
	}
}

// Delete implements backend.Backend.
func (g gate) Delete(ctx context.Context, name string) error {
	return g.pass(&call{ctx: ctx, kind: backend.KindDelete, name: name})
}

// perform lets the call happen, in the scheduler's goroutine.
func (c *call) perform(b backend.Backend) {
	switch c.kind {
	case backend.KindPut:
		c.err = b.Put(c.ctx, c.name, c.data)
	case backend.KindDelete:
		c.err = b.Delete(c.ctx, c.name)
	case backend.KindGet:
		var r io.ReadCloser
		if r, c.err = b.Get(c.ctx, c.name, c.offset, c.length); c.err == nil {
			c.found, c.err = io.ReadAll(r)
			_ = r.Close() // nothing is left to be read
		}
	case backend.KindList:
		for info, err := range b.List(c.ctx, c.name) {
			if c.err = err; err == nil {
				c.listed = append(c.listed, info)
			}
		}
	}
}

// order compares two calls of one actor by all that does not depend on chance; what then is left is who came first.
func (c *call) order(other *call, names *naming) int {
	return cmp.Or(
		cmp.Compare(c.kind, other.kind),
		cmp.Compare(names.preview(c.name), names.preview(other.name)),
		cmp.Compare(c.offset, other.offset),
		cmp.Compare(c.length, other.length),
		bytes.Compare(c.data, other.data),
		cmp.Compare(c.arrival, other.arrival),
	)
}

func (c *call) fail(err error) {
	c.err = fmt.Errorf("%s %s: %w", c.kind, c.name, err)
	close(c.done)
}

func first(calls []*call, names *naming) *call {
	if len(calls) == 0 {
		return nil
	}
	return slices.MinFunc(calls, func(a, b *call) int { return a.order(b, names) })
}
