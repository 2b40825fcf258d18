package datastore

import (
	"context"
	"fmt"

	"github.com/heirloom-backup/heirloom/chunk"
	"github.com/heirloom-backup/heirloom/datastore/internal/pack"
	"github.com/heirloom-backup/heirloom/datastore/tree"
)

// refsReader reads what nodes refer to, and not what they say: it needs no key and little of a pack. The refs are those
// that the pack's trailer gives the digest of. It is for one goroutine, and keeps the frames it read last.
type refsReader struct {
	store *Store
	known map[frameKey][]byte
	order []frameKey // oldest first
}

// maxRefsFrames is how many frames' refs are kept: neighbours in a tree lie together.
const maxRefsFrames = 64

func newRefsReader(s *Store) *refsReader {
	return &refsReader{store: s, known: map[frameKey][]byte{}}
}

// read returns a node's refs. A node that cannot be had fails with a *ChunkError.
func (r *refsReader) read(ctx context.Context, id chunk.ID) (refs tree.Refs, err error) {
	err = r.store.tryPlaces(ctx, id, func(loc location) (err error) {
		refs, err = r.at(ctx, loc)
		return err
	})
	return refs, err
}

func (r *refsReader) at(ctx context.Context, loc location) (tree.Refs, error) {
	all, err := r.frame(ctx, loc)
	if err != nil {
		return tree.Refs{}, err
	}
	if uint64(loc.place.Refs) > uint64(len(all)) {
		return tree.Refs{}, fmt.Errorf("refs at %d of a frame: %w: it has %d bytes", loc.place.Refs, pack.ErrDamaged, len(all))
	}
	refs, _, err := tree.DecodeRefs(all[loc.place.Refs:])
	if err != nil {
		return tree.Refs{}, fmt.Errorf("%w: %w", pack.ErrDamaged, err)
	}
	return refs, nil
}

// frame returns the refs of all nodes of a frame.
func (r *refsReader) frame(ctx context.Context, loc location) ([]byte, error) {
	f, p, err := r.store.catalog.frame(loc)
	if err != nil {
		return nil, err
	}
	key := frameKey{loc.pack, f.Offset}
	if refs, ok := r.known[key]; ok {
		return refs, nil
	}
	refs, err := r.store.readRefs(ctx, p.Name, &f)
	if err == nil {
		r.keep(key, refs)
	}
	return refs, err
}

// readRefs reads the refs of all nodes of a frame and checks them.
func (s *Store) readRefs(ctx context.Context, name string, f *pack.Frame) ([]byte, error) {
	refs := make([]byte, f.Refs)
	if err := s.readPack(ctx, name, int64(f.RefsOffset), refs); err != nil {
		return nil, err
	}
	if err := f.CheckRefs(refs); err != nil {
		return nil, fmt.Errorf("pack %s: %w", name, err)
	}
	return refs, nil
}

func (r *refsReader) keep(key frameKey, refs []byte) {
	r.known[key] = refs
	r.order = append(r.order, key)
	if len(r.order) > maxRefsFrames {
		delete(r.known, r.order[0])
		r.order = r.order[1:]
	}
}
