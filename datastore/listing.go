package datastore

import (
	"context"
	"errors"
	"fmt"

	"github.com/heirloom-backup/heirloom/datastore/backend"
)

// condemnation is the payload of condemned/<id>.
type condemnation struct {
	Format int      `json:"format"`
	Packs  []string `json:"packs"`
}

// listing is what a writer or reader must know of the store before it relies on anything.
type listing struct {
	condemned map[string]bool
	records   map[string][]string // the packs that each record condemns
	packs     map[string]int64    // sizes, bytes
	order     []string            // the packs as they were listed

	// flaw is a record that is damaged, nil if none is: any pack could be condemned, so nothing new may rely on one.
	// Reading goes on.
	flaw error
}

// list reads the condemned records and then lists the packs. The order is part of the collection protocol: a pack that
// was listed before the records were read could have been deleted, record and all, in between.
func (s *Store) list(ctx context.Context) (listing, error) {
	l := listing{condemned: map[string]bool{}, records: map[string][]string{}, packs: map[string]int64{}}
	names, err := backend.Names(ctx, s.backend, condemnedPrefix)
	if err != nil {
		return l, fmt.Errorf("list condemned packs: %w", err)
	}
	for _, name := range names {
		var c condemnation
		_, err := s.readDoc(ctx, name, &c)
		if errors.Is(err, backend.ErrNotFound) {
			continue // gone since it was listed: all its packs are, too
		}
		if damaged(err) {
			l.flaw = errors.Join(l.flaw, fmt.Errorf("read condemned packs: %w; "+
				"if no collection of the store is under way anywhere, it can be deleted by hand", err))
			continue
		}
		if err != nil {
			return l, fmt.Errorf("read condemned packs: %w", err)
		}
		l.records[name] = c.Packs
		for _, id := range c.Packs {
			l.condemned[id] = true
		}
	}
	for info, err := range s.backend.List(ctx, packPrefix) {
		if err != nil {
			return l, fmt.Errorf("list packs: %w", err)
		}
		if id, ok := packID(info.Name); ok {
			l.packs[id] = info.Size
			l.order = append(l.order, id)
		}
	}
	return l, nil
}
