package datastore

import (
	"context"
	"slices"

	"github.com/heirloom-backup/heirloom/chunk"
)

// collector is one run of a collection. Its stages are in the order of the protocol: docs/collection.md.
type collector struct {
	store   *Store
	o       CollectOptions
	without map[string]bool // ids of snapshots that count as removed
	report  Collection

	survey  survey
	marks   *marks
	damaged map[uint32]bool // packs that are known to be

	counted *census // the last one that frames were copied by
	id      string  // in the names of the packs that this run writes
}

// survey is the store as it was when the run began.
type survey struct {
	listing  listing
	tables   []*openTable
	packs    []packState // by number
	bad      map[badPlace]bool
	sessions map[string]bool // that live
}

func newCollector(s *Store, o CollectOptions) *collector {
	return &collector{store: s, o: o.withDefaults(), without: map[string]bool{}, id: newID()}
}

func (c *collector) run(ctx context.Context) error {
	if !c.o.Probed {
		if err := c.store.fit(ctx); err != nil {
			return err
		}
	}
	plan, err := c.prepare(ctx)
	if err != nil {
		return err
	}
	if err := c.condemn(ctx, plan); err != nil {
		return err
	}
	if err := c.sweep(ctx); err != nil {
		return err
	}
	return c.tidy(ctx)
}

// prepare finds out what is needed and what is to go.
func (c *collector) prepare(ctx context.Context) (*CollectionPlan, error) {
	if err := c.look(ctx); err != nil {
		return nil, err
	}
	if err := c.fenceDead(ctx); err != nil {
		return nil, err
	}
	roots, err := c.mark(ctx, false)
	if err != nil {
		return nil, err
	}
	if c.o.Plan != nil {
		return c.o.Plan, c.check(c.o.Plan, roots)
	}
	return c.plan(roots)
}

// foresee is prepare for a plan that is only shown.
func (c *collector) foresee(ctx context.Context) (*CollectionPlan, error) {
	if err := c.look(ctx); err != nil {
		return nil, err
	}
	roots, err := c.mark(ctx, true)
	if err != nil {
		return nil, err
	}
	plan, err := c.plan(roots)
	if err != nil {
		return nil, err
	}
	return plan, c.measure(ctx, plan)
}

// look lists condemned records, packs and then sessions. What is listed later may need a pack of an earlier listing, and
// never the other way round.
func (c *collector) look(ctx context.Context) error {
	s := c.store
	l, err := s.relist(ctx)
	if err != nil {
		return err
	}
	if l.flaw != nil {
		return l.flaw
	}
	state, err := s.State(ctx)
	if err != nil {
		return err
	}
	s.catalog.avoid(state)
	tables, packs := s.catalog.copy()
	c.survey = survey{listing: l, tables: tables, packs: packs, bad: s.catalog.badPlaces()}
	if err := s.lists(ctx, state); err != nil {
		return err
	}
	c.survey.sessions, err = s.Sessions(ctx)
	return err
}

// mark marks what the snapshots need that there are now, and returns them; look says that nothing may be changed.
func (c *collector) mark(ctx context.Context, look bool) ([]*Snapshot, error) {
	roots, err := c.store.roots(ctx, look)
	if err != nil {
		return nil, err
	}
	roots = slices.DeleteFunc(roots, func(sn *Snapshot) bool { return c.without[sn.ID] })
	// What could not be read for an unfinished snapshot may be what a promised one needs by now, below nodes that are
	// marked already.
	if c.marks == nil || len(c.marks.unread) > 0 {
		c.marks = newMarks(c.store, c.survey.tables)
	}
	for _, sn := range roots {
		if err := c.marks.add(ctx, sn); err != nil {
			return nil, err
		}
	}
	return roots, nil
}

// sound says whether a pack's copy of a chunk may be the only one.
func (c *collector) sound(id chunk.ID, n uint32) bool {
	return !c.survey.bad[badPlace{id, n}] && c.store.catalog.pack(n).trusted
}
