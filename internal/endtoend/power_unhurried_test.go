//go:build linux

package endtoend

import (
	"context"
	"io"
	"iter"
	"runtime"
	"sync"

	"github.com/heirloom-backup/heirloom/datastore/backend"
)

// unhurried makes storage take its time, without any clock: whoever else has something to do goes on meanwhile, so that
// several writes are under way at once. It is two wrappers, below a recorder and above it, which see to it that nobody
// is shown a write before it has returned: what a program has seen of another it takes for durable, and acts on it.
type unhurried struct{ mu sync.RWMutex }

func (u *unhurried) below(b backend.Backend) backend.Backend { return unhurriedBelow{b, u} }
func (u *unhurried) above(b backend.Backend) backend.Backend { return unhurriedAbove{b, u} }

// unhurriedBelow lets time pass before a write happens, and locks readers out until it has returned.
type unhurriedBelow struct {
	backend.Backend
	u *unhurried
}

func (b unhurriedBelow) Put(ctx context.Context, name string, data []byte) error {
	b.u.wait()
	return b.Backend.Put(ctx, name, data)
}

func (b unhurriedBelow) Delete(ctx context.Context, name string) error {
	b.u.wait()
	return b.Backend.Delete(ctx, name)
}

func (u *unhurried) wait() {
	for range 100 {
		runtime.Gosched()
	}
	u.mu.Lock()
}

// unhurriedAbove lets readers in again.
type unhurriedAbove struct {
	backend.Backend
	u *unhurried
}

func (a unhurriedAbove) Put(ctx context.Context, name string, data []byte) error {
	defer a.u.mu.Unlock()
	return a.Backend.Put(ctx, name, data)
}

func (a unhurriedAbove) Delete(ctx context.Context, name string) error {
	defer a.u.mu.Unlock()
	return a.Backend.Delete(ctx, name)
}

func (a unhurriedAbove) Get(ctx context.Context, name string, offset, length int64) (io.ReadCloser, error) {
	a.u.mu.RLock()
	defer a.u.mu.RUnlock()
	return a.Backend.Get(ctx, name, offset, length) // memory: what is read later is what it was now
}

func (a unhurriedAbove) List(ctx context.Context, prefix string) iter.Seq2[backend.Info, error] {
	return func(yield func(backend.Info, error) bool) {
		list, err := a.list(ctx, prefix)
		for _, info := range list {
			if !yield(info, nil) {
				return
			}
		}
		if err != nil {
			yield(backend.Info{}, err)
		}
	}
}

func (a unhurriedAbove) list(ctx context.Context, prefix string) (list []backend.Info, err error) {
	a.u.mu.RLock()
	defer a.u.mu.RUnlock()
	for info, err := range a.Backend.List(ctx, prefix) {
		if err != nil {
			return list, err
		}
		list = append(list, info)
	}
	return list, nil
}
