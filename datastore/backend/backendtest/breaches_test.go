package backendtest

import (
	"context"
	"errors"
	"io"
	"iter"
	"strings"
	"sync"

	"github.com/heirloom-backup/heirloom/datastore/backend"
	"github.com/heirloom-backup/heirloom/datastore/backend/mem"
)

// breaches holds, for each rule, backends that break it, made of a good one.
var breaches = map[string][]func(*mem.Backend) backend.Backend{
	"read after write":            {forgetsPuts, reversesData},
	"empty object":                {dropsEmptyObjects},
	"large object":                {truncatesLargeObjects},
	"put if absent":               {overwrites},
	"put if absent, concurrently": {overwrites, refusesAllPuts},
	"data is copied":              {keepsSlices},
	"put after delete":            {remembersDeleted},
	"ranges":                      {ignoresOffset, ignoresLength, failsBeyondTheEnd},
	"negative offset":             {clampsOffset},
	"absent object":               {findsOutLate},
	"folder is no object":         {refusesToDeleteFolders},
	"list by prefix":              {matchesWithoutSlash},
	"empty listing":               {failsOnEmptyListings},
	"bad prefix":                  {acceptsAnything},
	"list everything":             {listsOnePageOnly, listsTwice},
	"delete while listing":        {skipsAfterDelete},
	"leaving early":               {leaksGoroutines},
	"list twice":                  {cachesListings},
	"delete":                      {deletesNothing},
	"delete absent":               {deleteNeedsObject},
	"legal names":                 {lowersNames},
	"illegal names":               {acceptsAnything},
	"context done":                {ignoresContext, endsQuietlyWhenCancelled},
	"cancelled while listing":     {endsQuietlyWhenCancelled},
	"stress":                      {readsHalf, listsTwice},
}

// odd is a good backend with some methods replaced.
type odd struct {
	backend.Backend
	put    func(ctx context.Context, name string, data []byte) error
	get    func(ctx context.Context, name string, offset, length int64) (io.ReadCloser, error)
	list   func(ctx context.Context, prefix string, yield func(backend.Info, error) bool)
	delete func(ctx context.Context, name string) error
}

func (o odd) Put(ctx context.Context, name string, data []byte) error {
	if o.put == nil {
		return o.Backend.Put(ctx, name, data)
	}
	return o.put(ctx, name, data)
}

func (o odd) Get(ctx context.Context, name string, offset, length int64) (io.ReadCloser, error) {
	if o.get == nil {
		return o.Backend.Get(ctx, name, offset, length)
	}
	return o.get(ctx, name, offset, length)
}

func (o odd) List(ctx context.Context, prefix string) iter.Seq2[backend.Info, error] {
	if o.list == nil {
		return o.Backend.List(ctx, prefix)
	}
	return func(yield func(backend.Info, error) bool) { o.list(ctx, prefix, yield) }
}

func (o odd) Delete(ctx context.Context, name string) error {
	if o.delete == nil {
		return o.Backend.Delete(ctx, name)
	}
	return o.delete(ctx, name)
}

func forgetsPuts(b *mem.Backend) backend.Backend {
	return odd{Backend: b, put: func(context.Context, string, []byte) error { return nil }}
}

func refusesAllPuts(b *mem.Backend) backend.Backend {
	return odd{Backend: b, put: func(context.Context, string, []byte) error { return backend.ErrExist }}
}

func reversesData(b *mem.Backend) backend.Backend {
	return odd{Backend: b, put: func(ctx context.Context, name string, data []byte) error {
		return b.Put(ctx, name, append(data[len(data)/2:], data[:len(data)/2]...))
	}}
}

func dropsEmptyObjects(b *mem.Backend) backend.Backend {
	return odd{Backend: b, list: func(ctx context.Context, prefix string, yield func(backend.Info, error) bool) {
		for info, err := range b.List(ctx, prefix) {
			if info.Size > 0 && !yield(info, err) {
				return
			}
		}
	}}
}

func truncatesLargeObjects(b *mem.Backend) backend.Backend {
	return odd{Backend: b, put: func(ctx context.Context, name string, data []byte) error {
		return b.Put(ctx, name, data[:min(len(data), 16<<20)])
	}}
}

func overwrites(b *mem.Backend) backend.Backend {
	return odd{Backend: b, put: func(ctx context.Context, name string, data []byte) error {
		_ = b.Delete(ctx, name)
		_ = b.Put(ctx, name, data)
		return nil
	}}
}

func keepsSlices(b *mem.Backend) backend.Backend {
	kept := map[string][]byte{}
	return odd{Backend: b,
		put: func(_ context.Context, name string, data []byte) error {
			kept[name] = data
			return nil
		},
		get: func(_ context.Context, name string, _, _ int64) (io.ReadCloser, error) {
			return io.NopCloser(strings.NewReader(string(kept[name]))), nil
		},
	}
}

func remembersDeleted(b *mem.Backend) backend.Backend {
	return odd{Backend: b, delete: func(context.Context, string) error { return nil }}
}

func ignoresOffset(b *mem.Backend) backend.Backend {
	return odd{Backend: b, get: func(ctx context.Context, name string, _, length int64) (io.ReadCloser, error) {
		return b.Get(ctx, name, 0, length)
	}}
}

func ignoresLength(b *mem.Backend) backend.Backend {
	return odd{Backend: b, get: func(ctx context.Context, name string, offset, _ int64) (io.ReadCloser, error) {
		return b.Get(ctx, name, offset, -1)
	}}
}

func failsBeyondTheEnd(b *mem.Backend) backend.Backend {
	return odd{Backend: b, get: func(ctx context.Context, name string, offset, length int64) (io.ReadCloser, error) {
		if data, err := backend.ReadAll(ctx, b, name, 1<<20); err == nil && offset > int64(len(data)) {
			return nil, errors.New("range not satisfiable")
		}
		return b.Get(ctx, name, offset, length)
	}}
}

func clampsOffset(b *mem.Backend) backend.Backend {
	return odd{Backend: b, get: func(ctx context.Context, name string, offset, length int64) (io.ReadCloser, error) {
		return b.Get(ctx, name, max(offset, 0), length)
	}}
}

func findsOutLate(b *mem.Backend) backend.Backend {
	return odd{Backend: b, get: func(ctx context.Context, name string, offset, length int64) (io.ReadCloser, error) {
		if r, err := b.Get(ctx, name, offset, length); err == nil {
			return r, nil
		}
		return io.NopCloser(strings.NewReader("")), nil
	}}
}

func refusesToDeleteFolders(b *mem.Backend) backend.Backend {
	return odd{Backend: b, delete: func(ctx context.Context, name string) error {
		if below, _ := backend.Names(ctx, b, name+"/"); len(below) > 0 {
			return errors.New("folder is not empty")
		}
		return b.Delete(ctx, name)
	}}
}

func readsHalf(b *mem.Backend) backend.Backend {
	return odd{Backend: b, get: func(ctx context.Context, name string, _, _ int64) (io.ReadCloser, error) {
		return b.Get(ctx, name, 0, 50_000)
	}}
}

func deletesNothing(b *mem.Backend) backend.Backend { return remembersDeleted(b) }

func deleteNeedsObject(b *mem.Backend) backend.Backend {
	return odd{Backend: b, delete: func(ctx context.Context, name string) error {
		if _, err := b.Get(ctx, name, 0, 0); err != nil {
			return err
		}
		return b.Delete(ctx, name)
	}}
}

func lowersNames(b *mem.Backend) backend.Backend {
	return odd{Backend: b,
		put: func(ctx context.Context, name string, data []byte) error {
			return b.Put(ctx, strings.ToLower(name), data)
		},
		get: func(ctx context.Context, name string, offset, length int64) (io.ReadCloser, error) {
			return b.Get(ctx, strings.ToLower(name), offset, length)
		},
	}
}

// acceptsAnything takes illegal names and prefixes for those of absent objects.
func acceptsAnything(b *mem.Backend) backend.Backend {
	return odd{Backend: b,
		put: func(ctx context.Context, name string, data []byte) error {
			if err := b.Put(ctx, name, data); !errors.Is(err, backend.ErrBadName) {
				return err
			}
			return nil
		},
		list: func(ctx context.Context, prefix string, yield func(backend.Info, error) bool) {
			for info, err := range b.List(ctx, prefix) {
				if errors.Is(err, backend.ErrBadName) || !yield(info, err) {
					return
				}
			}
		},
	}
}

func ignoresContext(b *mem.Backend) backend.Backend {
	return odd{Backend: b,
		put: func(ctx context.Context, name string, data []byte) error {
			return b.Put(context.WithoutCancel(ctx), name, data)
		},
	}
}

func matchesWithoutSlash(b *mem.Backend) backend.Backend {
	return odd{Backend: b, list: func(ctx context.Context, prefix string, yield func(backend.Info, error) bool) {
		for info, err := range b.List(ctx, "") {
			if strings.HasPrefix(info.Name, strings.TrimSuffix(prefix, "/")) && !yield(info, err) {
				return
			}
		}
	}}
}

func failsOnEmptyListings(b *mem.Backend) backend.Backend {
	return odd{Backend: b, list: func(ctx context.Context, prefix string, yield func(backend.Info, error) bool) {
		empty := true
		for info, err := range b.List(ctx, prefix) {
			empty = false
			if !yield(info, err) {
				return
			}
		}
		if empty {
			yield(backend.Info{}, errors.New("no such folder"))
		}
	}}
}

func listsOnePageOnly(b *mem.Backend) backend.Backend {
	return odd{Backend: b, list: func(ctx context.Context, prefix string, yield func(backend.Info, error) bool) {
		page := 1000
		for info, err := range b.List(ctx, prefix) {
			if page--; page < 0 || !yield(info, err) {
				return
			}
		}
	}}
}

func listsTwice(b *mem.Backend) backend.Backend {
	return odd{Backend: b, list: func(ctx context.Context, prefix string, yield func(backend.Info, error) bool) {
		for info, err := range b.List(ctx, prefix) {
			for range 2 {
				if !yield(info, err) {
					return
				}
			}
		}
	}}
}

func skipsAfterDelete(b *mem.Backend) backend.Backend {
	return odd{Backend: b, list: func(ctx context.Context, prefix string, yield func(backend.Info, error) bool) {
		skip := false
		for info, err := range b.List(ctx, prefix) {
			if skip {
				skip = false
				continue
			}
			if !yield(info, err) {
				return
			}
			_, gone := b.Get(ctx, info.Name, 0, 0)
			skip = gone != nil
		}
	}}
}

func leaksGoroutines(b *mem.Backend) backend.Backend {
	return odd{Backend: b, list: func(ctx context.Context, prefix string, yield func(backend.Info, error) bool) {
		pages := make(chan backend.Info)
		go func() {
			defer close(pages)
			for info := range b.List(ctx, prefix) {
				select {
				case pages <- info:
				case <-ctx.Done():
					return
				}
			}
		}()
		for info := range pages {
			if !yield(info, nil) {
				return // and nobody tells the goroutine
			}
		}
	}}
}

func cachesListings(b *mem.Backend) backend.Backend {
	var once sync.Once
	var names []string
	return odd{Backend: b, list: func(ctx context.Context, prefix string, yield func(backend.Info, error) bool) {
		once.Do(func() { names, _ = backend.Names(ctx, b, prefix) })
		for _, name := range names {
			if !yield(backend.Info{Name: name}, nil) {
				return
			}
		}
	}}
}

func endsQuietlyWhenCancelled(b *mem.Backend) backend.Backend {
	return odd{Backend: b, list: func(ctx context.Context, prefix string, yield func(backend.Info, error) bool) {
		for info, err := range b.List(ctx, prefix) {
			if err != nil || !yield(info, nil) {
				return
			}
		}
	}}
}
