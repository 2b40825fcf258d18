//go:build linux

package endtoend

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/heirloom-backup/heirloom/datastore"
	"github.com/heirloom-backup/heirloom/datastore/backend"
	"github.com/heirloom-backup/heirloom/datastore/backup"
	"github.com/heirloom-backup/heirloom/datastore/verify"
)

// bringsBack undeletes, in a copy of the store, each removed snapshot that no collection has touched.
func (s *survivor) bringsBack(ctx context.Context) error {
	back := all(s.back)
	if len(back) == 0 {
		return nil
	}
	copied := *s
	copied.storage = s.storage.Clone()
	return copied.visit(copied.storage, func(store *datastore.Store) error {
		for _, id := range back {
			if err := copied.undelete(ctx, store, s.known[id].Address()); err != nil {
				return err
			}
		}
		_, err := copied.present(ctx, store)
		return err
	})
}

// undelete brings a snapshot back unless it is back already.
func (s *survivor) undelete(ctx context.Context, store *datastore.Store, a datastore.Address) error {
	_, err := store.Find(ctx, a)
	if !errors.Is(err, datastore.ErrNoSnapshot) {
		return err
	}
	gone, err := store.FindPruned(ctx, a)
	if err == nil {
		_, err = store.Undelete(ctx, gone)
	}
	if err != nil {
		return fmt.Errorf("what was removed cannot be brought back: %w", err)
	}
	_, err = store.Find(ctx, a)
	return err
}

// goesOn backs the sources up once more, holds what is there, and collects; then all must be sound still. What was damaged
// is healed by that, for by now verification has named it.
func (s *survivor) goesOn(ctx context.Context) error {
	err := s.visit(s.storage, func(store *datastore.Store) error {
		return errors.Join(s.holds(ctx, store), s.saves(ctx, store))
	})
	if err != nil {
		return err
	}
	if err := s.settles(ctx, s.storage); err != nil {
		return err
	}
	later := *s.promises
	later.hurt, later.litter = false, false
	after := *s
	after.promises = &later
	return after.sound(ctx)
}

// holds holds every snapshot that was committed.
func (s *survivor) holds(ctx context.Context, store *datastore.Store) error {
	for _, id := range all(s.kept) {
		if s.free[id] {
			continue // is to stay free
		}
		if err := store.Hold(ctx, s.known[id], "test", time.Time{}); err != nil {
			return err
		}
	}
	return nil
}

// saves backs up each source, and verifies the new snapshot.
func (s *survivor) saves(ctx context.Context, store *datastore.Store) error {
	for _, src := range s.sources {
		res, err := backup.Run(ctx, store, src, backup.Options{Readers: 1})
		if err != nil {
			return err
		}
		s.fresh[res.Snapshot.Root] = src.tableau
		rep, err := verify.Run(ctx, store, verify.Options{Snapshots: []*datastore.Snapshot{res.Snapshot}, Readers: 1})
		switch {
		case err != nil:
			return err
		case rep.Results[0].Outcome != datastore.OutcomeOK:
			return fmt.Errorf("the new snapshot is %s: %v", rep.Results[0].Outcome, rep.Results[0].Damage)
		}
	}
	return nil
}

// settles collects twice, with nobody else there: then nothing is left of what nothing needs.
func (s *survivor) settles(ctx context.Context, b backend.Backend) error {
	o := datastore.CollectOptions{FenceAll: true, Probed: true}
	for range 2 {
		err := s.visit(b, func(store *datastore.Store) error {
			_, err := store.Collect(ctx, o)
			return err
		})
		if err != nil {
			return err
		}
	}
	for _, prefix := range []string{"condemned/", "waits/", "sessions/", "beats/"} {
		left, err := backend.Names(ctx, b, prefix)
		if err == nil && len(left) > 0 {
			err = fmt.Errorf("left behind: %q", left)
		}
		if err != nil {
			return err
		}
	}
	return s.visit(b, func(store *datastore.Store) error {
		plan, err := store.PlanCollection(ctx, o)
		if err == nil && len(plan.Packs) > 0 {
			err = fmt.Errorf("packs are left that could be collected: %+v", plan.Packs)
		}
		return err
	})
}
