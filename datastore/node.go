package datastore

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"github.com/heirloom-backup/heirloom/chunk"
	"github.com/heirloom-backup/heirloom/datastore/internal/pack"
	"github.com/heirloom-backup/heirloom/datastore/tree"
)

// Node reads a tree node; it is a tree.Get. A node that cannot be had fails with a *ChunkError.
//
// Neighbours are stored together and read together, so walking a tree in order costs few reads.
func (s *Store) Node(ctx context.Context, id chunk.ID) (tree.Node, error) {
	var n tree.Node
	err := s.tryPlaces(ctx, id, func(loc location) (err error) {
		n, err = s.nodeAt(ctx, id, loc)
		return err
	})
	return n, err
}

// tryPlaces calls try with one place of a chunk after the other until it succeeds, or fails for another reason than that
// the place is bad. When none is left it reads the listings anew, twice; then it fails with a *ChunkError.
func (s *Store) tryPlaces(ctx context.Context, id chunk.ID, try func(location) error) error {
	if err := s.load(ctx); err != nil {
		return err
	}
	var failed error
	for round := range maxRefreshes + 1 {
		if round > 0 {
			if err := s.refresh(ctx); err != nil {
				return err
			}
		}
		for _, loc := range s.catalog.find(nil, &id) {
			err := try(loc)
			if err == nil || !bad(err) {
				return err
			}
			failed = err
		}
	}
	if failed != nil {
		return &ChunkError{ID: id, Reason: verdictOf(failed), Detail: failed.Error()}
	}
	return &ChunkError{ID: id, Reason: Missing, Detail: "no pack that is there holds it"}
}

// nodeAt reads a node from one place and checks it against its ID.
func (s *Store) nodeAt(ctx context.Context, id chunk.ID, loc location) (tree.Node, error) {
	f, err := s.treeFrame(ctx, loc)
	if err != nil {
		return tree.Node{}, err
	}
	wrong := func(why any) error {
		return fmt.Errorf("node at %d of pack %s: %w: %v", loc.place.Offset, s.catalog.pack(loc.pack).name, pack.ErrDamaged, why)
	}
	start, end := uint64(loc.place.Offset), uint64(loc.place.Offset)+uint64(loc.place.Length)
	if end > uint64(len(f.bodies)) || uint64(loc.place.Refs) > uint64(len(f.refs)) {
		return tree.Node{}, wrong("its place is outside the frame")
	}
	refs, n, err := tree.DecodeRefs(f.refs[loc.place.Refs:])
	if err != nil {
		return tree.Node{}, wrong(err)
	}
	node := tree.Node{Refs: refs, Body: f.bodies[start:end:end]}
	if s.nameNode(f.refs[loc.place.Refs:int(loc.place.Refs)+n], node.Body) != id {
		return tree.Node{}, wrong("the bytes are not the node")
	}
	return node, nil
}

// nameNode returns a node's ID: the complement of what content of the same bytes would have. A file can hold the bytes
// of a node, and must not be taken for it: content packs have no refs, tree packs no content.
func (s *Store) nameNode(refs, body []byte) chunk.ID {
	plain := make([]byte, 0, len(refs)+len(body))
	return complement(s.namer.Name(append(append(plain, refs...), body...)))
}

func complement(id chunk.ID) chunk.ID {
	for i := range id {
		id[i] = ^id[i]
	}
	return id
}

// treeFrame is a decoded frame of a tree pack.
type treeFrame struct{ bodies, refs []byte }

// treeFrame returns the frame at loc from the cache or the store.
func (s *Store) treeFrame(ctx context.Context, loc location) (*treeFrame, error) {
	f, p, err := s.catalog.frame(loc)
	if err != nil {
		return nil, err
	}
	key := frameKey{loc.pack, f.Offset}
	if known := s.nodes.get(key); known != nil {
		return known, nil
	}
	w := s.workspace()
	defer s.release(w)
	stored := w.room(int64(f.Stored))
	if err := s.readPack(ctx, p.Name, int64(f.Offset), stored); err != nil {
		return nil, err
	}
	plain, err := s.decode(w, p.Name, p.Slots, &f, stored)
	if err != nil {
		return nil, fmt.Errorf("pack %s: %w", p.Name, err)
	}
	tf := &treeFrame{bodies: append([]byte(nil), plain...)}
	if tf.refs, err = s.readRefs(ctx, p.Name, &f); err != nil {
		return nil, err
	}
	s.nodes.put(key, tf)
	return tf, nil
}

// maxNodeCache is the memory for decoded frames of trees, in bytes.
const maxNodeCache = 16 << 20

type frameKey struct{ pack, offset uint32 }

// nodeCache keeps the frames that were read last.
type nodeCache struct {
	mu    sync.Mutex
	byKey map[frameKey]*treeFrame
	order []frameKey // oldest first
	size  int
}

func (c *nodeCache) init() { c.byKey = make(map[frameKey]*treeFrame) }

func (c *nodeCache) get(k frameKey) *treeFrame {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.byKey[k]
}

func (c *nodeCache) put(k frameKey, f *treeFrame) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.byKey[k] != nil {
		return
	}
	c.byKey[k] = f
	c.order = append(c.order, k)
	c.size += f.size()
	for c.size > maxNodeCache && len(c.order) > 1 {
		oldest := c.order[0]
		c.order = c.order[1:]
		c.size -= c.byKey[oldest].size()
		delete(c.byKey, oldest)
	}
}

// drop forgets the frames of one pack.
func (c *nodeCache) drop(pack uint32) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.order = slices.DeleteFunc(c.order, func(k frameKey) bool {
		if k.pack != pack {
			return false
		}
		c.size -= c.byKey[k].size()
		delete(c.byKey, k)
		return true
	})
}

func (f *treeFrame) size() int { return len(f.bodies) + len(f.refs) }
