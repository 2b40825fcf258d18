package datastore

import (
	"context"
	"errors"
	"fmt"

	"github.com/heirloom-backup/heirloom/datastore/backend"
	"github.com/heirloom-backup/heirloom/datastore/internal/pack"
)

// Index segments are joined when there are many small ones, up to a size that is read at once.
const (
	manySegments = 8
	smallSegment = 4 << 20  // bytes
	fullSegment  = 32 << 20 // bytes
)

// joinSegments replaces small index segments by larger ones that name only packs that are there. A segment is a hint, so
// that neither what another process does meanwhile nor an end halfway does harm.
func (c *collector) joinSegments(ctx context.Context) error {
	var small []string
	for info, err := range c.store.backend.List(ctx, indexPrefix) {
		if err != nil {
			return fmt.Errorf("list index: %w", err)
		}
		if info.Size < smallSegment {
			small = append(small, info.Name)
		}
	}
	if len(small) < manySegments {
		return nil
	}
	j := &joint{store: c.store, have: map[string]bool{}}
	for _, name := range small {
		if err := j.add(ctx, name); err != nil {
			return err
		}
	}
	return j.flush(ctx)
}

// joint is a segment being made of others.
type joint struct {
	store  *Store
	have   map[string]bool // packs that are in a new segment
	listed []pack.Listed
	size   int
	old    []string // segments that are in the new ones
}

// add takes over what a segment says of packs that are there.
func (j *joint) add(ctx context.Context, name string) error {
	data, err := backend.ReadAll(ctx, j.store.backend, name, pack.MaxSegment)
	if errors.Is(err, backend.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	listed, err := pack.DecodeSegment(data)
	if err != nil {
		return nil // verification names it
	}
	for _, l := range listed {
		t, err := pack.DecodeTrailer(l.Trailer, j.store.config.Writers)
		if err != nil {
			return nil
		}
		if j.have[t.Name] || !j.store.catalog.isListed(t.Name) {
			continue
		}
		j.have[t.Name] = true
		j.listed = append(j.listed, l)
		j.size += len(l.Trailer)
	}
	j.old = append(j.old, name)
	if j.size < fullSegment {
		return nil
	}
	return j.flush(ctx)
}

// flush stores the new segment and then removes the old ones.
func (j *joint) flush(ctx context.Context) error {
	if len(j.listed) > 0 {
		name := indexPrefix + newID()
		if err := j.store.backend.Put(ctx, name, pack.AppendSegment(nil, j.listed)); err != nil {
			return err
		}
		j.store.catalog.setRead(name) // this process knows what is in it
	}
	err := eachOf(ctx, j.old, j.store.backend.Delete)
	j.listed, j.old, j.size = nil, nil, 0
	return err
}

func (c *catalog) isListed(name string) bool {
	c.mu.RLock()
	defer c.mu.RUnlock()
	n, ok := c.byName[name]
	return ok && c.packs[n].listed
}

// unlist takes note that packs were deleted.
func (c *catalog) unlist(names []string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, name := range names {
		if n, ok := c.byName[name]; ok {
			c.packs[n].listed = false
		}
	}
}
