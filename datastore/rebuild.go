package datastore

import (
	"context"
)

// Rebuild throws the local index away and makes it again from the packs' own trailers, which it reads all. It returns
// the objects that turned out damaged, with what is wrong with them.
func (s *Store) Rebuild(ctx context.Context) (map[string]error, error) {
	s.catalogs.Lock()
	defer s.catalogs.Unlock()
	s.catalog.clear()
	s.catalog.awaitListing()
	l, err := s.list(ctx)
	if err != nil {
		return nil, err
	}
	s.catalog.apply(l)
	if err := s.indexTrailers(ctx); err != nil {
		return nil, err
	}
	s.mergeTables()
	if err := s.indexSegments(ctx); err != nil { // for packs whose trailer is damaged
		return nil, err
	}
	s.catalog.loaded = true
	return s.Broken(), nil
}

// clear removes all tables, also the cached ones that are not open.
func (c *catalog) clear() {
	known := func(string) bool { return false }
	stale := c.dir.load(known)
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, t := range append(stale, c.tables...) {
		c.dir.remove(t)
	}
	c.tables, c.segments, c.broken = nil, map[string]bool{}, map[string]error{}
	for i := range c.packs {
		c.packs[i].indexed = false
	}
}

// Broken returns the packs and index segments that were found damaged so far, by object name. A store can be whole in
// spite of them: what they say is kept twice.
func (s *Store) Broken() map[string]error {
	s.catalog.mu.RLock()
	defer s.catalog.mu.RUnlock()
	out := make(map[string]error, len(s.catalog.broken))
	for name, err := range s.catalog.broken {
		out[name] = err
	}
	return out
}
