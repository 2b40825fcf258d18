package datastore

import (
	"os"
	"slices"
)

// loadTables opens the tables that other processes have made. Several may have merged the same ones: a table that knows
// all that another does stands in for it, in memory and in the folder. Of two that know the same, every process keeps
// the same one, so never both are removed.
func (s *Store) loadTables() {
	c := &s.catalog
	tables := c.dir.load(c.hasOpen)
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, t := range tables {
		if c.isNeedless(t) {
			continue
		}
		old := slices.DeleteFunc(slices.Clone(c.tables), func(o *openTable) bool { return !t.covers(o) })
		c.exchange(old, t, s.config.Writers.Trusted)
	}
}

func (c *catalog) hasOpen(path string) bool {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return slices.ContainsFunc(c.tables, func(t *openTable) bool { return t.path == path })
}

// isNeedless says whether a table from the folder is open already, or is removed because another one there stands in
// for it. The caller holds mu.
func (c *catalog) isNeedless(t *openTable) bool {
	for _, o := range c.tables {
		if o.path == t.path {
			return true
		}
		if o.covers(t) {
			if o.inFolder() { // else it still serves other processes
				c.dir.remove(t)
			}
			return true
		}
	}
	return false
}

// inFolder says whether other processes can find the table. It may have been removed since it was opened.
func (t *openTable) inFolder() bool {
	if t.path == "" {
		return false
	}
	_, err := os.Stat(t.path)
	return err == nil
}

// covers says whether t makes the other table needless: it knows more, or the same and comes first by name.
func (t *openTable) covers(other *openTable) bool {
	mine, others := t.known(), other.known()
	if len(others) > len(mine) || len(others) == len(mine) && other.path != "" && other.path < t.path {
		return false
	}
	for name := range others {
		if !mine[name] {
			return false
		}
	}
	return true
}

// known returns the names of the packs that the table knows; those dropped in a merge have none.
func (t *openTable) known() map[string]bool {
	names := make(map[string]bool, len(t.Packs()))
	for _, p := range t.Packs() {
		if p.Name != "" {
			names[p.Name] = true
		}
	}
	return names
}
