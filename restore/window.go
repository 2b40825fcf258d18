package restore

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"

	"github.com/heirloom-backup/heirloom/chunk"
	"github.com/heirloom-backup/heirloom/datastore/tree"
)

// Limits of a window: they bound memory and open files while leaving Fetch enough to sort and to share.
const (
	maxItems   = 32 << 10 // wanted pieces, and links waiting for files
	maxBytes   = 1 << 30
	maxLarge   = 4096 // files of more than one chunk, which stay open; fewer where few may be open
	maxFolders = 8192 // open at once, unless they are nested deeper; fewer where few may be open
)

// window is a set of chunks and where each belongs. A chunk wanted at several places is fetched once.
type window struct {
	ids     []chunk.ID
	index   map[chunk.ID]int // into ids and first
	first   []int            // into pieces
	pieces  []piece
	bytes   int64
	large   int
	waiting int // links
}

// piece is a range of a file that a chunk fills.
type piece struct {
	file   *file
	extent tree.Placed
	next   int // piece with the same chunk; -1: none
}

func newWindow() *window { return &window{index: make(map[chunk.ID]int)} }

func (w *window) reset() {
	clear(w.index)
	clear(w.pieces) // so that files can be freed
	w.ids, w.first, w.pieces = w.ids[:0], w.first[:0], w.pieces[:0]
	w.bytes, w.large, w.waiting = 0, 0, 0
}

func (w *window) full(large int) bool {
	return len(w.pieces)+w.waiting >= maxItems || w.bytes >= maxBytes || w.large >= large
}

// want adds a piece of f.
func (w *window) want(f *file, x tree.Placed) {
	i, known := w.index[x.ID]
	if !known {
		i = len(w.ids)
		w.index[x.ID] = i
		w.ids, w.first = append(w.ids, x.ID), append(w.first, -1)
		w.bytes += x.Length
	}
	w.pieces = append(w.pieces, piece{file: f, extent: x, next: w.first[i]})
	w.first[i] = len(w.pieces) - 1
	f.pending.Add(1)
}

// fetch gives every piece its bytes.
func (w *window) fetch(ctx context.Context, r Reader) error {
	if len(w.ids) == 0 {
		return nil
	}
	var called atomic.Int64
	err := r.Fetch(ctx, w.ids, func(i int, data []byte, err error) error {
		called.Add(1)
		for p := w.first[i]; p >= 0; p = w.pieces[p].next {
			if err := w.pieces[p].file.receive(w.pieces[p].extent, data, err); err != nil {
				return err
			}
		}
		return ctx.Err()
	})
	if err == nil && called.Load() != int64(len(w.ids)) {
		err = fmt.Errorf("the store gave %d of %d chunks", called.Load(), len(w.ids))
	}
	return err
}

// abandon removes the files with pieces in the window that are not whole.
func (w *window) abandon() (err error) {
	for _, p := range w.pieces {
		err = errors.Join(err, p.file.abandon())
	}
	return err
}

// fetch fetches windows until there are no more.
func (r *run) fetch(ctx context.Context) error {
	for w := range r.windows {
		if w == nil {
			continue
		}
		if err := w.fetch(ctx, r.reader); err != nil {
			r.failed = w
			return err
		}
		w.reset()
		r.spare <- w
	}
	return nil
}

// flush hands the window over and goes on with another one, as soon as there is one.
func (r *run) flush(ctx context.Context) error {
	select {
	case r.windows <- r.window:
	case <-ctx.Done():
		return ctx.Err()
	}
	select {
	case r.window = <-r.spare:
		return nil
	case <-ctx.Done():
		r.window = newWindow() // the other one is the fetcher's
		return ctx.Err()
	}
}

// drain returns when all that was wanted so far is there.
func (r *run) drain(ctx context.Context) error {
	if err := r.flush(ctx); err != nil {
		return err
	}
	select {
	case r.windows <- nil: // is received when the window before it is done
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// want adds a piece of f to the window and hands the window over if that filled it.
func (r *run) want(ctx context.Context, f *file, x tree.Placed) error {
	r.window.want(f, x)
	return r.flushFull(ctx)
}

func (r *run) flushFull(ctx context.Context) error {
	if r.window.full(r.maxLarge) {
		return r.flush(ctx)
	}
	return nil
}
