package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"iter"
	"slices"
	"strings"
	"sync"

	"github.com/heirloom-backup/heirloom/datastore/backend"
)

// table is a place for a store: a backend.Backend. It stands for the keys and values of any database.
type table struct {
	mu   sync.Mutex
	rows map[string][]byte // values are never changed
}

func newTable() *table { return &table{rows: map[string][]byte{}} }

// Put implements backend.Backend: it inserts and never updates.
func (t *table) Put(ctx context.Context, name string, data []byte) error {
	if err := allowed(ctx, name); err != nil {
		return fmt.Errorf("put %s: %w", name, err)
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if _, exists := t.rows[name]; exists {
		return fmt.Errorf("put %s: %w", name, backend.ErrExist)
	}
	t.rows[name] = bytes.Clone(data) // the caller goes on using data
	return nil
}

// Get implements backend.Backend.
func (t *table) Get(ctx context.Context, name string, offset, length int64) (io.ReadCloser, error) {
	if err := allowed(ctx, name); err != nil {
		return nil, fmt.Errorf("get %s: %w", name, err)
	}
	t.mu.Lock()
	data, exists := t.rows[name]
	t.mu.Unlock()
	if !exists {
		return nil, fmt.Errorf("get %s: %w", name, backend.ErrNotFound)
	}
	if offset < 0 {
		return nil, fmt.Errorf("get %s: offset %d is negative", name, offset)
	}
	data = data[min(offset, int64(len(data))):]
	if length >= 0 {
		data = data[:min(length, int64(len(data)))]
	}
	return io.NopCloser(bytes.NewReader(data)), nil
}

// List implements backend.Backend: a listing that does not end in an error is complete.
func (t *table) List(ctx context.Context, prefix string) iter.Seq2[backend.Info, error] {
	return func(yield func(backend.Info, error) bool) {
		if err := backend.CheckPrefix(prefix); err != nil {
			yield(backend.Info{}, fmt.Errorf("list %s: %w", prefix, err))
			return
		}
		for _, info := range t.matching(prefix) {
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

// matching copies what a listing yields, so that no lock is held while its caller thinks.
func (t *table) matching(prefix string) []backend.Info {
	t.mu.Lock()
	defer t.mu.Unlock()
	var found []backend.Info
	for name, data := range t.rows {
		if strings.HasPrefix(name, prefix) {
			found = append(found, backend.Info{Name: name, Size: int64(len(data))})
		}
	}
	slices.SortFunc(found, func(a, b backend.Info) int { return strings.Compare(a.Name, b.Name) })
	return found
}

// Delete implements backend.Backend.
func (t *table) Delete(ctx context.Context, name string) error {
	if err := allowed(ctx, name); err != nil {
		return fmt.Errorf("delete %s: %w", name, err)
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.rows, name)
	return nil
}

func allowed(ctx context.Context, name string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	return backend.CheckName(name)
}
