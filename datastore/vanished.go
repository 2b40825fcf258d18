package datastore

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/heirloom-backup/heirloom/datastore/internal/document"
)

// Vanished is a snapshot that was committed and never removed, and whose manifest or promise is gone or damaged.
type Vanished struct {
	Address Address
	Object  string // where the manifest should be

	ref    snapshotRef
	commit string // the ledger's record
}

// Vanished returns the snapshots that the ledger knows and that are not among those present, by ID.
func (st *State) Vanished(present map[string]bool) []Vanished {
	var gone []Vanished
	for id, sn := range st.byID {
		if sn.commit != "" && !st.removed(id) && !present[id] {
			a := sn.ref.address()
			gone = append(gone, Vanished{a, manifestName(a.Group, a.Time, id), sn.ref, sn.commit})
		}
	}
	slices.SortFunc(gone, func(a, b Vanished) int { return cmp.Compare(a.Object, b.Object) })
	return gone
}

// Acknowledge records the removal of a snapshot that has vanished, and removes what is left of it: nothing misses it any
// more, and collections go on. One whose manifest is damaged and that the ledger does not know is made from the Object of
// its *ManifestError and its address.
//
// One that is held is not given up: the error is an ErrHeld. As long as its chunks are there Undelete brings it back.
func (s *Store) Acknowledge(ctx context.Context, v Vanished, reason string) error {
	if v.ref.ID == "" {
		v.ref = snapshotRef{v.Address.Namespace, v.Address.Kind, rawName(v.Address.Name), v.Address.Time, manifestID(v.Object)}
	}
	state, err := s.State(ctx)
	if err != nil {
		return fmt.Errorf("forget %s: %w", v.Address, err)
	}
	if hold, held := state.held(v.ref.ID, s.now()); held {
		return fmt.Errorf("forget: %w", &HeldError{v.Address, hold})
	}
	if sn, err := s.recorded(ctx, v); err != nil {
		s.o.Logger.Warn("no copy of the manifest is left", "snapshot", v.Address, "error", err)
	} else if err := s.copyManifests(ctx, []Forgetting{{sn, reason}}); err != nil {
		return err
	}
	if _, _, err := s.record(ctx, record{Type: recordPrune, Snapshot: v.ref, Reason: reason}); err != nil {
		return fmt.Errorf("forget %s: %w", v.Address, err)
	}
	return s.deleteManifests(ctx, []*Snapshot{{Group: v.Address.Group, Time: v.Address.Time, object: v.Object}})
}

// Lost returns the vanished snapshots of the store: it lists manifests and compares them with the ledger.
func (s *Store) Lost(ctx context.Context) ([]Vanished, error) {
	before, err := s.State(ctx) // what is committed while manifests are listed is not missed
	if err != nil {
		return nil, err
	}
	present := map[string]bool{}
	for sn, err := range s.Snapshots(ctx, Filter{}) {
		if sn != nil {
			present[sn.ID] = true
		} else if !errors.As(err, new(*ManifestError)) {
			return nil, err
		}
	}
	gone := before.Vanished(present)
	if len(gone) == 0 {
		return nil, nil
	}
	after, err := s.State(ctx) // what was removed meanwhile has its record by now
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(gone, func(v Vanished) bool { return after.removed(v.ref.ID) }), nil
}

// findVanished returns what the ledger knows of a vanished snapshot, the latest if a has no time; nil if there is none.
func (s *Store) findVanished(ctx context.Context, a Address) (*Snapshot, error) {
	list, err := s.Lost(ctx)
	if err != nil {
		return nil, err
	}
	for _, v := range slices.Backward(list) {
		if v.Address.Group == a.Group && (a.Time.IsZero() || v.Address.Time.Equal(a.Time)) {
			return s.recorded(ctx, v)
		}
	}
	return nil, nil
}

// recorded reads the copy of a manifest that the ledger keeps.
func (s *Store) recorded(ctx context.Context, v Vanished) (*Snapshot, error) {
	if v.commit == "" {
		return nil, ErrNoSnapshot
	}
	rec := &record{}
	if _, err := s.readDoc(ctx, v.commit, rec); err != nil {
		return nil, err
	}
	m := &manifest{}
	if _, err := document.Decode(v.Object, []byte(rec.Manifest), s.config.Writers, m); err != nil {
		return nil, fmt.Errorf("copy of %s in %s: %w", v.Object, v.commit, err)
	}
	sn, err := s.snapshotOf(m)
	if err != nil {
		return nil, fmt.Errorf("copy of %s in %s: %w", v.Object, v.commit, err)
	}
	sn.object, sn.raw = v.Object, []byte(rec.Manifest)
	return sn, nil
}
