package datastore

import (
	"context"

	"github.com/heirloom-backup/heirloom/chunk"
)

// Place says where a chunk lies.
type Place struct {
	Pack   string // "" for a chunk that no listed pack holds
	Length int64  // bytes, plain; of a tree node, without its refs
}

// Locate returns for each ID the place that a read would be answered from first.
func (s *Store) Locate(ctx context.Context, ids []chunk.ID) ([]Place, error) {
	if err := s.load(ctx); err != nil {
		return nil, err
	}
	found := make([]Place, len(ids))
	var places []location
	for i := range ids {
		places = s.catalog.find(places[:0], &ids[i])
		if len(places) > 0 {
			found[i] = Place{s.catalog.pack(places[0].pack).name, int64(places[0].place.Length)}
		}
	}
	return found, nil
}

// Packs returns the names of all packs there are now.
func (s *Store) Packs(ctx context.Context) ([]string, error) {
	if err := s.refresh(ctx); err != nil {
		return nil, err
	}
	s.catalog.mu.RLock()
	defer s.catalog.mu.RUnlock()
	var names []string
	for _, p := range s.catalog.packs {
		if p.listed {
			names = append(names, p.name)
		}
	}
	return names, nil
}

// knownPack is what the catalog has of a pack; the number is noPack and the size 0 for one it never saw.
type knownPack struct {
	number uint32
	size   int64 // bytes
}

func (c *catalog) known(name string) knownPack {
	c.mu.RLock()
	defer c.mu.RUnlock()
	n, ok := c.byName[name]
	if !ok {
		return knownPack{number: noPack}
	}
	return knownPack{n, c.packs[n].size}
}
