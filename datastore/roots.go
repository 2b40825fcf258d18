package datastore

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/heirloom-backup/heirloom/datastore/backend"
)

// rootSet is what a listing of manifests comes to.
type rootSet struct {
	whole, unfinished []*Snapshot
	begun             []*Snapshot     // removed, but not yet all of it
	present           map[string]bool // ids of those read
}

// roots returns the snapshots whose chunks must stay, promised ones first. It fails where it cannot be sure that it has
// them all: the listing of manifests is compared with the ledger and with the promises. What removals that did not come
// to their end have left is passed over and, unless look is set, removed.
func (s *Store) roots(ctx context.Context, look bool) ([]*Snapshot, error) {
	before, err := s.State(ctx) // what is committed while manifests are listed is not missed
	if err != nil {
		return nil, err
	}
	names, promised, err := s.listManifests(ctx, snapshotPrefix)
	if err != nil {
		return nil, fmt.Errorf("list snapshots: %w", err)
	}
	set := &rootSet{present: map[string]bool{}}
	if names, set.begun, err = s.unlisted(ctx, before, names, promised); err != nil {
		return nil, err
	}
	for _, name := range names {
		if err := s.addRoot(ctx, set, before, name, promised[name]); err != nil {
			return nil, err
		}
	}
	if err := s.miss(ctx, before.Vanished(set.present)); err != nil {
		return nil, err
	}
	if !look {
		err = s.endRemovals(ctx, set.begun)
	}
	return append(set.whole, set.unfinished...), err
}

// endRemovals deletes what removals have left that were begun. The ledger is read once more: a listing of it may have
// shown a removal and not the hold before it.
func (s *Store) endRemovals(ctx context.Context, begun []*Snapshot) error {
	if len(begun) == 0 {
		return nil
	}
	now, err := s.State(ctx)
	if err != nil {
		return err
	}
	return s.deleteManifests(ctx, slices.DeleteFunc(begun, func(sn *Snapshot) bool { return !now.goes(manifestID(sn.object)) }))
}

// addRoot reads a manifest that was listed. What the ledger knows as committed was promised, too.
func (s *Store) addRoot(ctx context.Context, set *rootSet, st *State, name string, promised bool) error {
	id := manifestID(name)
	if st.goes(id) {
		set.begun = append(set.begun, &Snapshot{object: name})
		return nil
	}
	sn, err := s.readRoot(ctx, name, promised || st.committed(id))
	if err != nil || sn == nil {
		return err
	}
	set.present[sn.ID] = true
	if sn.Promised {
		set.whole = append(set.whole, sn)
	} else {
		set.unfinished = append(set.unfinished, sn)
	}
	return nil
}

// readRoot reads a manifest that was listed. It returns nil for one that is no root: it is gone, or it is damaged and was
// never promised.
func (s *Store) readRoot(ctx context.Context, name string, promised bool) (*Snapshot, error) {
	sn, err := s.readManifest(ctx, name)
	switch {
	case errors.Is(err, backend.ErrNotFound):
		return nil, nil
	case errors.As(err, new(*ManifestError)) && !promised:
		return nil, nil
	case err != nil:
		return nil, err
	}
	sn.Promised = promised
	return sn, nil
}

// unlisted looks after promises without a manifest. Where the manifest is there all the same it was put while the listing
// ran, and is returned with the others. Promises that a removal has left are returned as begun.
func (s *Store) unlisted(ctx context.Context, st *State, names []string, promised map[string]bool) (all []string, begun []*Snapshot, err error) {
	listed := make(map[string]bool, len(names))
	for _, name := range names {
		listed[name] = true
	}
	for _, name := range slices.Sorted(maps.Keys(promised)) {
		if listed[name] {
			continue
		}
		there, err := s.exists(ctx, name)
		if err != nil {
			return nil, nil, err
		}
		if there {
			names = append(names, name)
			continue
		}
		removed, err := s.wasRemoved(ctx, st, name)
		if err != nil {
			return nil, nil, err
		}
		if !removed {
			return nil, nil, &VanishedError{Object: name}
		}
		begun = append(begun, &Snapshot{object: name})
	}
	return names, begun, nil
}

// wasRemoved says whether a manifest that is gone was removed by somebody: that is recorded before.
func (s *Store) wasRemoved(ctx context.Context, st *State, name string) (bool, error) {
	if st.removed(manifestID(name)) {
		return true, nil
	}
	now, err := s.State(ctx)
	return err == nil && now.removed(manifestID(name)), err
}

// miss fails for snapshots that the ledger knows and that were not listed.
func (s *Store) miss(ctx context.Context, gone []Vanished) error {
	if len(gone) == 0 {
		return nil
	}
	for _, v := range gone {
		there, err := s.exists(ctx, v.Object)
		if err != nil {
			return err
		}
		if there {
			return fmt.Errorf("%w: %s is there and was not listed", ErrListing, v.Object)
		}
	}
	after, err := s.State(ctx) // what was removed meanwhile has its record by now
	if err != nil {
		return err
	}
	for _, v := range gone {
		if !after.removed(v.ref.ID) {
			return &VanishedError{Object: v.Object, Address: v.Address}
		}
	}
	return nil
}

// lists makes sure of the ledger's listing: a record that others name, that is there and was not listed, shows that
// listings cannot be relied on.
func (s *Store) lists(ctx context.Context, state *State) error {
	unseen, err := s.unseen(ctx, state)
	if err != nil || unseen == "" {
		return err
	}
	again, err := s.State(ctx) // it may have been put while the listing ran
	if err != nil {
		return err
	}
	if unseen, err = s.unseen(ctx, again); err == nil && unseen != "" {
		err = fmt.Errorf("%w: %s is there and was not listed", ErrListing, unseen)
	}
	return err
}

// unseen returns a lost record that is there.
func (s *Store) unseen(ctx context.Context, state *State) (string, error) {
	for _, name := range state.Lost() {
		if state.seen(name) {
			continue // it was there, or a checkpoint tells of it
		}
		if there, err := s.exists(ctx, name); err != nil || there {
			return name, err
		}
	}
	return "", nil
}

// VanishedError says that the manifest of a promised snapshot is gone though nobody removed it: its chunks may be needed,
// and nobody can say which they are. Undelete brings it back from the ledger, Acknowledge accepts the loss.
type VanishedError struct {
	Object  string
	Address Address // zero if only the promise tells of the snapshot
}

func (e *VanishedError) Error() string {
	what := e.Object
	if e.Address != (Address{}) {
		what = e.Address.String()
	}
	return fmt.Sprintf("snapshot %s has vanished: its manifest is gone and nobody removed it", what)
}
