//go:build linux

package endtoend

import (
	"bytes"
	"context"
	"io"
	"iter"
	"sync"

	"github.com/heirloom-backup/heirloom/datastore/backend"
	"github.com/heirloom-backup/heirloom/datastore/backend/mem"
)

// lazy is storage that breaks its word: it says of some puts that they are done, shows them to everybody, and does them
// later, or never. As long as the power stays nobody can tell.
type lazy struct {
	backend.Backend              // where things last
	shown           *mem.Backend // what everybody sees

	late  func(name string) bool                    // puts that it puts off …
	until func(kind backend.Kind, name string) bool // … until it has done this; nil: for ever

	mu   sync.Mutex
	owed []owed
}

type owed struct {
	name string
	data []byte
}

func (l *lazy) Put(ctx context.Context, name string, data []byte) error {
	if err := l.shown.Put(ctx, name, data); err != nil {
		return err
	}
	if l.late(name) {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.owed = append(l.owed, owed{name, bytes.Clone(data)})
		return nil
	}
	if err := l.Backend.Put(ctx, name, data); err != nil {
		return err
	}
	return l.settle(ctx, backend.KindPut, name)
}

func (l *lazy) Delete(ctx context.Context, name string) error {
	if err := l.shown.Delete(ctx, name); err != nil {
		return err
	}
	if err := l.Backend.Delete(ctx, name); err != nil {
		return err
	}
	return l.settle(ctx, backend.KindDelete, name)
}

// settle does what was put off, if its time has come.
func (l *lazy) settle(ctx context.Context, kind backend.Kind, name string) error {
	if l.until == nil || !l.until(kind, name) {
		return nil
	}
	l.mu.Lock()
	list := l.owed
	l.owed = nil
	l.mu.Unlock()
	for _, o := range list {
		if err := l.Backend.Put(ctx, o.name, o.data); err != nil {
			return err
		}
	}
	return nil
}

func (l *lazy) Get(ctx context.Context, name string, offset, length int64) (io.ReadCloser, error) {
	return l.shown.Get(ctx, name, offset, length)
}

func (l *lazy) List(ctx context.Context, prefix string) iter.Seq2[backend.Info, error] {
	return l.shown.List(ctx, prefix)
}
