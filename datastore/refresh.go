package datastore

import (
	"context"
)

// load makes the catalog ready if it never was.
func (s *Store) load(ctx context.Context) error {
	s.catalogs.Lock()
	defer s.catalogs.Unlock()
	if s.catalog.loaded {
		return nil
	}
	_, err := s.refreshLocked(ctx)
	return err
}

// refresh brings the catalog up to what the backend holds now.
func (s *Store) refresh(ctx context.Context) error {
	_, err := s.relist(ctx)
	return err
}

// relist is refresh for those who need the listing itself.
func (s *Store) relist(ctx context.Context) (listing, error) {
	s.catalogs.Lock()
	defer s.catalogs.Unlock()
	return s.refreshLocked(ctx)
}

func (s *Store) refreshLocked(ctx context.Context) (listing, error) {
	s.loadTables() // before the listing: what a table knows was stored by then, so if it is not listed it is gone
	s.catalog.awaitListing()
	l, err := s.list(ctx)
	if err != nil {
		return l, err
	}
	s.catalog.apply(l)
	if err := s.indexSegments(ctx); err != nil {
		return l, err
	}
	if err := s.indexTrailers(ctx); err != nil {
		return l, err
	}
	s.mergeTables()
	s.catalog.loaded = true
	return l, nil
}

// awaitListing is called before a listing begins that will be applied.
func (c *catalog) awaitListing() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.adopted = nil
}

func (c *catalog) apply(l listing) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.flaw = l.flaw
	for i := range c.packs {
		c.packs[i].listed = false
	}
	for _, n := range c.adopted {
		c.packs[n].listed = true
	}
	for _, name := range l.order {
		size := l.packs[name]
		n := c.number(name)
		p := &c.packs[n]
		p.listed, p.condemned = true, l.condemned[name]
		if p.indexed {
			c.compareSize(n, size, p.size)
			continue
		}
		p.size = size
	}
}

// needed says whether a table should be made to know the pack.
func (c *catalog) needed(name string) bool {
	c.mu.RLock()
	defer c.mu.RUnlock()
	n, ok := c.byName[name]
	return ok && c.packs[n].listed && !c.packs[n].indexed
}

func (c *catalog) anyNeeded() bool {
	c.mu.RLock()
	defer c.mu.RUnlock()
	for i := range c.packs {
		if c.packs[i].listed && !c.packs[i].indexed {
			return true
		}
	}
	return false
}
