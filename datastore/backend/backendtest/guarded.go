package backendtest

import (
	"context"
	"io"
	"iter"

	"github.com/heirloom-backup/heirloom/datastore/backend"
)

// guarded lets before decide whether an operation happens, and after what its caller hears of it. Either may be nil.
type guarded struct {
	backend.Backend
	before func(context.Context) error // an error: the operation does not happen
	after  func() error                // an error: it has happened, but this is the answer
}

// failing is a backend whose operations do not happen.
func failing(err error) backend.Backend {
	return guarded{before: func(context.Context) error { return orInjected(err) }}
}

// lost is b with its answers lost.
func lost(b backend.Backend, err error) backend.Backend {
	return guarded{Backend: b, after: func() error { return orInjected(err) }}
}

func orInjected(err error) error {
	if err == nil {
		return ErrInjected
	}
	return err
}

func (g guarded) Put(ctx context.Context, name string, data []byte) error {
	return g.do(ctx, func() error { return g.Backend.Put(ctx, name, data) })
}

func (g guarded) Delete(ctx context.Context, name string) error {
	return g.do(ctx, func() error { return g.Backend.Delete(ctx, name) })
}

func (g guarded) Get(ctx context.Context, name string, offset, length int64) (io.ReadCloser, error) {
	var reader io.ReadCloser
	err := g.do(ctx, func() (err error) {
		reader, err = g.Backend.Get(ctx, name, offset, length)
		return err
	})
	if err != nil && reader != nil {
		reader.Close()
		return nil, err
	}
	return reader, err
}

func (g guarded) List(ctx context.Context, prefix string) iter.Seq2[backend.Info, error] {
	return func(yield func(backend.Info, error) bool) {
		ended := false // the caller has left its loop, or the listing its error
		err := g.do(ctx, func() error {
			for info, err := range g.Backend.List(ctx, prefix) {
				if !yield(info, err) || err != nil {
					ended = true
					return nil
				}
			}
			return nil
		})
		if err != nil && !ended {
			yield(backend.Info{}, err)
		}
	}
}

func (g guarded) do(ctx context.Context, operation func() error) error {
	if g.before != nil {
		if err := g.before(ctx); err != nil {
			return err
		}
	}
	err := operation()
	if g.after != nil {
		if instead := g.after(); instead != nil {
			return instead
		}
	}
	return err
}
