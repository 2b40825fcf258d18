package tree

import (
	"context"

	"github.com/cespare/xxhash/v2"

	"github.com/heirloom-backup/heirloom/chunk"
	"github.com/heirloom-backup/heirloom/datastore/internal/wire"
)

// Masks of the boundary hash: a node holds about this many items and one.
const (
	dirMask  = 1<<7 - 1
	listMask = 1<<10 - 1
)

// sequence splits a list of items into nodes, and the list of those nodes again, until one node is left.
type sequence struct {
	put         Put
	leaf, index kind
	levels      []*level
}

func (s *sequence) level(depth int) *level {
	if depth == len(s.levels) {
		l := &level{kind: s.index, mask: listMask}
		if depth == 0 {
			l.kind = s.leaf
			if s.leaf == kindDir {
				l.mask = dirMask
			}
		}
		s.levels = append(s.levels, l)
	}
	return s.levels[depth]
}

// add appends an item; d describes what lies below it.
func (s *sequence) add(ctx context.Context, depth int, it item, d child) error {
	l := s.level(depth)
	if !l.fits(it) {
		if err := s.end(ctx, depth); err != nil {
			return err
		}
	}
	l.add(it, d)
	if l.boundary(it.hash) {
		return s.end(ctx, depth)
	}
	return nil
}

// end stores the node being collected and adds it to the level above.
func (s *sequence) end(ctx context.Context, depth int) error {
	c, err := s.levels[depth].emit(ctx, s.put)
	if err != nil {
		return err
	}
	return s.add(ctx, depth+1, s.indexItem(c), c)
}

func (s *sequence) indexItem(c child) item {
	it := item{refs: Refs{Trees: []chunk.ID{c.id}}, hash: xxhash.Sum64(c.id[:])}
	if s.index == kindDirIndex {
		it.body = wire.AppendBytes(nil, c.first)
	} else {
		it.body = appendTotal(nil, c.total)
	}
	return it
}

// finish ends every level and returns the root: the node that is the only one of its level.
func (s *sequence) finish(ctx context.Context) (chunk.ID, error) {
	for depth := 0; ; depth++ {
		l := s.level(depth)
		if l.nodes == 0 {
			c, err := l.emit(ctx, s.put)
			return c.id, err
		}
		if l.count > 0 {
			if err := s.end(ctx, depth); err != nil {
				return chunk.ID{}, err
			}
		}
		if l.nodes == 1 {
			return l.last.id, nil
		}
	}
}
