package datastore

import (
	"cmp"
	"io"
	"slices"

	"github.com/heirloom-backup/heirloom/datastore/internal/index"
)

// maxTables is how many tables a lookup may have to ask before small ones are merged.
const maxTables = 6

// mergeTables merges the smaller tables into one when there are too many, each time at least half of them: an entry is
// then copied about log2 as often as there are tables' worth of new ones. Failing to is no harm.
func (s *Store) mergeTables() {
	c := &s.catalog
	tables := c.dropDead()
	if len(tables) <= maxTables {
		return
	}
	slices.SortFunc(tables, func(a, b *openTable) int { return cmp.Compare(a.Len(), b.Len()) })
	merge := tables[:mergeCount(tables)]
	t, err := c.dir.create(func(w io.Writer) error { return index.Merge(w, plain(merge), c.keeps) })
	if err != nil {
		s.o.Logger.Warn("index tables cannot be merged", "error", err)
		return
	}
	c.replace(merge, t, s.config.Writers.Trusted)
}

// mergeMany merges tables in the course of a long session, which adds one for each index segment.
func (s *Store) mergeMany() {
	s.catalogs.Lock()
	defer s.catalogs.Unlock()
	s.catalog.mu.RLock()
	n := len(s.catalog.tables)
	s.catalog.mu.RUnlock()
	if n > 2*maxTables {
		s.mergeTables()
	}
}

// mergeCount returns how many of the tables, smallest first, to merge: half of them, and then as long as the next is
// not much larger than all before it.
func mergeCount(tables []*openTable) int {
	n, sum := 0, int64(0)
	for ; n < len(tables); n++ {
		if n > len(tables)/2 && tables[n].Len() > 2*sum {
			break
		}
		sum += tables[n].Len()
	}
	return n
}

func plain(tables []*openTable) []*index.Table {
	list := make([]*index.Table, len(tables))
	for i, t := range tables {
		list[i] = t.Table
	}
	return list
}

func (c *catalog) keeps(pack string) bool {
	c.mu.RLock()
	defer c.mu.RUnlock()
	n, ok := c.byName[pack]
	return ok && c.packs[n].listed
}

// dropDead forgets tables all of whose packs are gone and returns the others. Should the packs be listed again, after a
// listing that was out of date, they are read again.
func (c *catalog) dropDead() []*openTable {
	c.mu.Lock()
	defer c.mu.Unlock()
	var dead []*openTable
	c.tables = slices.DeleteFunc(slices.Clone(c.tables), func(t *openTable) bool {
		alive := slices.ContainsFunc(t.packs, func(n uint32) bool { return c.packs[n].listed })
		if !alive {
			dead = append(dead, t)
			c.dir.remove(t)
		}
		return !alive
	})
	if len(dead) > 0 {
		c.forget(dead)
		c.segments = map[string]bool{}
	}
	return slices.Clone(c.tables)
}

// replace puts one table in the place of those it was merged from. Somebody may still be reading these: their files are
// closed by the runtime when nobody refers to them any more.
func (c *catalog) replace(old []*openTable, merged *openTable, trusted func(string) bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.exchange(old, merged, trusted)
}

// exchange is replace for a caller that holds mu.
func (c *catalog) exchange(old []*openTable, merged *openTable, trusted func(string) bool) {
	c.tables = slices.DeleteFunc(slices.Clone(c.tables), func(t *openTable) bool { return slices.Contains(old, t) })
	c.forget(old)
	c.addTable(merged, trusted)
	for _, t := range old {
		c.dir.remove(t)
	}
}
