// Package mem keeps a store's objects in memory: for tests, and for programs that hold a small store for a moment.
package mem

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"iter"
	"maps"
	"strings"
	"sync"

	"github.com/heirloom-backup/heirloom/datastore/backend"
)

// Backend keeps objects in a map. It is safe for concurrent use; what it holds is gone with it.
type Backend struct {
	mu      sync.RWMutex
	objects map[string][]byte // the slices are never changed once they are here, so readers share them
}

// New returns an empty backend.
func New() *Backend { return &Backend{objects: map[string][]byte{}} }

// Clone returns a backend that holds what b holds now, and from then on lives its own life: the storage as a crash at
// this moment would leave it. It takes memory for the names only.
func (b *Backend) Clone() *Backend {
	b.mu.RLock()
	defer b.mu.RUnlock()
	return &Backend{objects: maps.Clone(b.objects)}
}

// Put implements backend.Backend.
func (b *Backend) Put(ctx context.Context, name string, data []byte) error {
	if err := check(ctx, name); err != nil {
		return fmt.Errorf("put %s: %w", name, err)
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if _, ok := b.objects[name]; ok {
		return fmt.Errorf("put %s: %w", name, backend.ErrExist)
	}
	b.objects[name] = bytes.Clone(data)
	return nil
}

// Get implements backend.Backend.
func (b *Backend) Get(ctx context.Context, name string, offset, length int64) (io.ReadCloser, error) {
	if err := check(ctx, name); err != nil {
		return nil, fmt.Errorf("get %s: %w", name, err)
	}
	if offset < 0 {
		return nil, backend.Permanent(fmt.Errorf("get %s: offset %d is negative", name, offset))
	}
	b.mu.RLock()
	data, ok := b.objects[name]
	b.mu.RUnlock()
	if !ok {
		return nil, fmt.Errorf("get %s: %w", name, backend.ErrNotFound)
	}
	return io.NopCloser(bytes.NewReader(section(data, offset, length))), nil
}

// section returns length bytes of data from offset, or as many as there are.
func section(data []byte, offset, length int64) []byte {
	data = data[min(offset, int64(len(data))):]
	if length < 0 {
		return data
	}
	return data[:min(length, int64(len(data)))]
}

// List implements backend.Backend. It yields what the backend held when the loop began.
func (b *Backend) List(ctx context.Context, prefix string) iter.Seq2[backend.Info, error] {
	return func(yield func(backend.Info, error) bool) {
		if err := backend.CheckPrefix(prefix); err != nil {
			yield(backend.Info{}, fmt.Errorf("list %s: %w", prefix, err))
			return
		}
		for _, info := range b.matching(prefix) {
			if ctx.Err() != nil {
				break
			}
			if !yield(info, nil) {
				return
			}
		}
		if err := ctx.Err(); err != nil {
			yield(backend.Info{}, fmt.Errorf("list %s: %w", prefix, err))
		}
	}
}

func (b *Backend) matching(prefix string) []backend.Info {
	b.mu.RLock()
	defer b.mu.RUnlock()
	var found []backend.Info
	for name, data := range b.objects {
		if strings.HasPrefix(name, prefix) {
			found = append(found, backend.Info{Name: name, Size: int64(len(data))})
		}
	}
	return found
}

// Delete implements backend.Backend.
func (b *Backend) Delete(ctx context.Context, name string) error {
	if err := check(ctx, name); err != nil {
		return fmt.Errorf("delete %s: %w", name, err)
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(b.objects, name)
	return nil
}

func check(ctx context.Context, name string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	return backend.CheckName(name)
}
