package datastore

import (
	"slices"
	"sync"

	"github.com/heirloom-backup/heirloom/chunk"
	"github.com/heirloom-backup/heirloom/datastore/internal/pack"
)

// workspace is the memory of one reading goroutine.
type workspace struct {
	data    []byte
	scratch pack.Scratch

	wants  []want // in the frame being handed out
	pieces [][]byte
	ids    []chunk.ID
}

func (w *workspace) room(n int64) []byte {
	if int64(cap(w.data)) < n {
		w.data = make([]byte, n)
	}
	return w.data[:n]
}

func (w *workspace) reset() { w.wants, w.pieces = w.wants[:0], w.pieces[:0] }

func (w *workspace) add(x want, piece []byte) {
	w.wants, w.pieces = append(w.wants, x), append(w.pieces, piece)
}

// name returns the IDs of what was added, in one call of the namer: many chunks at once are hashed faster.
func (w *workspace) name(n *chunk.Namer) []chunk.ID {
	w.ids = slices.Grow(w.ids[:0], len(w.pieces))[:len(w.pieces)]
	n.NameAll(w.ids, w.pieces)
	return w.ids
}

// workspaces are shared by all that read at the same time.
type workspaces struct{ pool sync.Pool }

func (s *Store) workspace() *workspace {
	if w, ok := s.spaces.pool.Get().(*workspace); ok {
		return w
	}
	return &workspace{}
}

func (s *Store) release(w *workspace) { s.spaces.pool.Put(w) }
