package datastore

import (
	"fmt"
	"slices"

	"github.com/heirloom-backup/heirloom/datastore/internal/index"
	"github.com/heirloom-backup/heirloom/datastore/internal/pack"
)

// fault is a table that could not be read, and why. Tables are a cache: one that fails is no reason to fail.
type fault struct {
	table *openTable
	err   error
}

type faults []fault

// discard takes damaged tables away. What they knew counts as unknown, so the next refresh reads it from the store
// again.
func (c *catalog) discard(list *faults) {
	for _, f := range *list {
		c.log.Warn("index table is damaged and is made anew", "path", f.table.path, "error", f.err)
		c.dir.remove(f.table)
		c.drop(f.table)
	}
}

func (c *catalog) drop(t *openTable) {
	c.mu.Lock()
	defer c.mu.Unlock()
	kept := slices.DeleteFunc(slices.Clone(c.tables), func(o *openTable) bool { return o == t })
	if len(kept) == len(c.tables) {
		return // somebody else was quicker
	}
	c.tables, c.segments = kept, map[string]bool{}
	c.forget([]*openTable{t})
}

// forget makes what tables knew unknown that are not part of the catalog any more, unless another one knows it. The
// caller holds mu.
func (c *catalog) forget(gone []*openTable) {
	mark := func(tables []*openTable, known bool) {
		for _, t := range tables {
			for _, n := range t.packs {
				c.packs[n].indexed = known
			}
		}
	}
	mark(gone, false)
	mark(c.tables, true)
}

// frame returns the frame that holds a place, and its pack. Where a damaged table cannot tell, that is like a damaged
// pack: there may be another place.
func (c *catalog) frame(loc location) (pack.Frame, *index.Pack, error) {
	f, n, err := loc.table.Frame(loc.place.Frame)
	if err != nil {
		c.discard(&faults{{loc.table, err}})
		return f, nil, fmt.Errorf("%w: %w", pack.ErrDamaged, err)
	}
	return f, &loc.table.Packs()[n], nil
}
