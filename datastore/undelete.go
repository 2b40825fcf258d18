package datastore

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/heirloom-backup/heirloom/datastore/backend"
)

// Undelete brings a removed snapshot back, under its address and with a new ID, as Pruned or FindPruned returned it.
// Nothing needs to be read from a source; what a collection has condemned is copied. It fails with ErrTooLate if chunks
// are gone, and with ErrSnapshotExists if the address is taken.
func (s *Store) Undelete(ctx context.Context, gone *Snapshot) (*Snapshot, error) {
	back, err := s.undelete(ctx, gone)
	if errors.Is(err, ErrCannotStoreAgain) {
		err = ErrTooLate
	}
	if err != nil {
		return nil, fmt.Errorf("undelete %s: %w", gone.Address(), err)
	}
	return back, nil
}

func (s *Store) undelete(ctx context.Context, gone *Snapshot) (*Snapshot, error) {
	if sn, err := s.Find(ctx, gone.Address()); err == nil && sn.ID == gone.ID {
		return nil, ErrSnapshotExists
	}
	w, err := s.Begin(ctx, SessionOptions{})
	if err != nil {
		return nil, err
	}
	defer w.Close()
	whole, err := w.RelyTree(ctx, gone.Root)
	if err != nil {
		return nil, err
	}
	if !whole {
		return nil, ErrTooLate
	}
	back, err := w.commit(ctx, gone.Root, func(ctx context.Context) (*Snapshot, error) { return w.putBack(ctx, gone) })
	if err != nil {
		return nil, err
	}
	if err := s.single(ctx, back); err != nil {
		return nil, err
	}
	err = errors.Join(s.deleteManifests(ctx, []*Snapshot{gone}), s.backend.Delete(ctx, prunedName(gone.object)))
	if err != nil { // a collection tries again
		s.o.Logger.Warn("what was left of the removed snapshot stays", "object", gone.object, "error", err)
	}
	return back, nil
}

// single makes sure that of several that were brought back at the same time one stays: that with the smallest ID.
func (s *Store) single(ctx context.Context, back *Snapshot) error {
	same := []*Snapshot{back}
	for sn, err := range s.Snapshots(ctx, Filter{Namespace: &back.Namespace, Kind: back.Kind, Name: back.Name}) {
		if err != nil && !errors.As(err, new(*ManifestError)) {
			return err
		}
		if err == nil && sn.Time.Equal(back.Time) && sn.ID != back.ID {
			same = append(same, sn)
		}
	}
	slices.SortFunc(same, func(a, b *Snapshot) int { return strings.Compare(a.ID, b.ID) })
	var surplus []Forgetting
	for _, sn := range same[1:] {
		surplus = append(surplus, Forgetting{sn, "brought back twice"})
	}
	if len(surplus) == 0 {
		return nil
	}
	if _, err := s.ForgetAll(ctx, surplus); err != nil && !errors.Is(err, ErrHeld) {
		return err
	}
	if same[0] != back {
		return ErrSnapshotExists
	}
	return nil
}

// putBack stores the manifest of a removed snapshot under a new ID: names are never used again.
func (w *Session) putBack(ctx context.Context, gone *Snapshot) (*Snapshot, error) {
	sn := *gone
	sn.ID, sn.Session, sn.Promised, sn.replaces = newID(), w.ID(), false, gone.ID
	if err := w.storeManifest(ctx, &sn); err != nil {
		return nil, err
	}
	// A manifest that nobody promised is what an earlier attempt has left.
	there, err := w.store.Find(ctx, sn.Address())
	if err == nil && there.ID != gone.ID {
		err = ErrSnapshotExists
	}
	if err != nil && !errors.Is(err, ErrNoSnapshot) && !errors.As(err, new(*ManifestError)) {
		w.withdraw(ctx, &sn)
		return nil, err
	}
	return &sn, nil
}

// Pruned yields the removed snapshots whose manifests are still kept, group by group, oldest first. Whether their chunks
// are all there still turns out when Undelete looks. Errors are those of Snapshots.
func (s *Store) Pruned(ctx context.Context, f Filter) iter.Seq2[*Snapshot, error] {
	return func(yield func(*Snapshot, error) bool) {
		names, err := backend.Names(ctx, s.backend, prunedPrefix+strings.TrimPrefix(f.prefix(), snapshotPrefix))
		if err != nil {
			yield(nil, fmt.Errorf("list pruned snapshots: %w", err))
			return
		}
		state, err := s.State(ctx)
		if err != nil {
			yield(nil, fmt.Errorf("list pruned snapshots: %w", err))
			return
		}
		f.Unfinished = true // whether it was promised is not kept
		slices.Sort(names)
		for _, object := range names {
			sn, err := s.readManifestAt(ctx, object, snapshotPrefix+strings.TrimPrefix(object, prunedPrefix))
			if errors.Is(err, backend.ErrNotFound) || sn != nil && (!f.match(sn) || !state.removed(sn.ID)) {
				continue // brought back since it was listed, or not removed yet
			}
			if !yield(sn, err) || err != nil && !errors.As(err, new(*ManifestError)) {
				return
			}
		}
	}
}

// FindPruned returns the removed snapshot with the given address; without a time, the latest. A snapshot whose manifest
// is gone or damaged though nobody removed it counts, too: the ledger has a copy. It fails with ErrNoSnapshot.
func (s *Store) FindPruned(ctx context.Context, a Address) (*Snapshot, error) {
	fail := func(err error) (*Snapshot, error) { return nil, fmt.Errorf("find pruned snapshot %s: %w", a, err) }
	found, err := s.findVanished(ctx, a)
	if err != nil {
		return fail(err)
	}
	var damage error // of copies: perhaps of the one that is meant
	for sn, err := range s.Pruned(ctx, Filter{Namespace: &a.Namespace, Kind: a.Kind, Name: a.Name}) {
		switch {
		case errors.As(err, new(*ManifestError)):
			damage = errors.Join(damage, err)
		case err != nil:
			return fail(err)
		case !a.Time.IsZero() && !sn.Time.Equal(a.Time):
		case found == nil || !sn.Time.Before(found.Time):
			found = sn
		}
	}
	if found == nil {
		return fail(errors.Join(ErrNoSnapshot, damage))
	}
	return found, nil
}
