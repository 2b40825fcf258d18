package datastore

import (
	"maps"
	"slices"
)

// copy returns the tables and packs as they are now. Tables stay readable when others take their places.
func (c *catalog) copy() ([]*openTable, []packState) {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return slices.Clone(c.tables), slices.Clone(c.packs)
}

func (c *catalog) badPlaces() map[badPlace]bool {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return maps.Clone(c.bad)
}

// newer returns the tables that know packs which none of those given knows.
func (c *catalog) newer(than []*openTable) []*openTable {
	known := map[uint32]bool{}
	for _, t := range than {
		for _, n := range t.packs {
			known[n] = true
		}
	}
	c.mu.RLock()
	defer c.mu.RUnlock()
	return slices.DeleteFunc(slices.Clone(c.tables), func(t *openTable) bool {
		return !slices.ContainsFunc(t.packs, func(n uint32) bool { return !known[n] })
	})
}
