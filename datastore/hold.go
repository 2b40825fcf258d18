package datastore

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/heirloom-backup/heirloom/datastore/backend"
)

// Hold keeps a snapshot from being removed.
type Hold struct {
	Reason string    `json:"reason"`
	Since  time.Time `json:"since"`
	Until  time.Time `json:"until,omitzero"` // zero: until it is released
}

// lasts says whether the hold is in force at a time.
func (h Hold) lasts(now time.Time) bool { return h.Until.IsZero() || now.Before(h.Until) }

// outlasts says whether h ends after the other hold does.
func (h Hold) outlasts(other Hold) bool {
	return !other.Until.IsZero() && (h.Until.IsZero() || h.Until.After(other.Until))
}

func (sn *snapshotState) hold(record string, h Hold) {
	if sn.holds == nil {
		sn.holds = map[string]Hold{}
	}
	sn.holds[record] = h
}

// Held returns the hold that is on the snapshot at a time, the one that lasts longest if there are several.
func (st *State) Held(sn *Snapshot, now time.Time) (Hold, bool) { return st.held(sn.ID, now) }

func (st *State) held(id string, now time.Time) (found Hold, held bool) {
	on := st.holdsOn(id)
	for _, record := range slices.Sorted(maps.Keys(on)) {
		if h := on[record]; h.lasts(now) && (!held || h.outlasts(found)) {
			found, held = h, true
		}
	}
	return found, held
}

// holdsOn returns the holds on a snapshot that were not released, by record. One that was brought back is held as it was
// before it went.
func (st *State) holdsOn(id string) map[string]Hold {
	on := map[string]Hold{}
	for seen := map[string]bool{}; st.byID[id] != nil && !seen[id]; id = st.byID[id].replaces {
		seen[id] = true
		for record, h := range st.byID[id].holds {
			if !st.ended[record] {
				on[record] = h
			}
		}
	}
	return on
}

// HeldError says that a snapshot cannot be removed because it is held; it is an ErrHeld.
type HeldError struct {
	Snapshot Address
	Hold     Hold
}

func (e *HeldError) Error() string {
	text := fmt.Sprintf("%s is held: %s", e.Snapshot, e.Hold.Reason)
	if !e.Hold.Until.IsZero() {
		text += " (until " + e.Hold.Until.Format(time.RFC3339) + ")"
	}
	return text
}

// Is makes it an ErrHeld.
func (e *HeldError) Is(target error) bool { return target == ErrHeld }

// Hold keeps a snapshot from being removed until a time, or, if that is zero, until it is released. It fails with
// ErrNoSnapshot if the snapshot is removed already, or just being removed.
func (s *Store) Hold(ctx context.Context, sn *Snapshot, reason string, until time.Time) error {
	fail := func(err error) error { return fmt.Errorf("hold %s: %w", sn.Address(), err) }
	if !until.IsZero() && !until.After(s.now()) {
		return fail(fmt.Errorf("%w: %s", ErrPast, until.Format(time.RFC3339)))
	}
	rec := record{Type: recordHold, Snapshot: refOf(sn), Reason: reason, Until: until.UTC()}
	_, refs, err := s.record(ctx, rec)
	if err != nil {
		return fail(err)
	}
	going, err := s.contest(ctx, sn, refs[0].Name)
	if err == nil && !going {
		return nil
	}
	if err == nil {
		err = fmt.Errorf("it is being removed, or was: %w", ErrNoSnapshot)
	}
	_, _, undo := s.record(ctx, record{Type: recordRelease, Snapshot: refOf(sn), Releases: []string{refs[0].Name}})
	return fail(errors.Join(err, undo))
}

// contest makes removals of a snapshot that were begun look for holds once more, and says whether one has come too far for
// that. A removal that died on the way is in nobody's way.
func (s *Store) contest(ctx context.Context, sn *Snapshot, hold string) (going bool, err error) {
	if err := s.stopRemovals(ctx, sn); err != nil {
		return false, err
	}
	state, err := s.State(ctx)
	if err != nil {
		return false, err
	}
	state.ended[hold] = true // as it was without this hold: another one may have kept it
	if state.goes(sn.ID) {
		return true, nil
	}
	there, err := s.exists(ctx, sn.object)
	return !there, err
}

// exists asks the backend for an object by name.
func (s *Store) exists(ctx context.Context, name string) (bool, error) {
	r, err := s.backend.Get(ctx, name, 0, 0)
	if errors.Is(err, backend.ErrNotFound) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	return true, r.Close()
}

// Release ends all holds on a snapshot. It fails with ErrNotHeld if there is none.
func (s *Store) Release(ctx context.Context, sn *Snapshot) error {
	fail := func(err error) error { return fmt.Errorf("release %s: %w", sn.Address(), err) }
	state, err := s.State(ctx)
	if err != nil {
		return fail(err)
	}
	holds := state.holdsOn(sn.ID)
	if len(holds) == 0 {
		return fail(ErrNotHeld)
	}
	recs := []record{{Type: recordRelease, Snapshot: refOf(sn), Releases: slices.Sorted(maps.Keys(holds))}}
	if met := state.contested(sn.ID); len(met) > 0 { // whoever was about to revoke them has died
		recs = append([]record{{Type: recordRevoke, Snapshot: refOf(sn), Revokes: met}}, recs...)
	}
	if _, _, err := s.record(ctx, recs...); err != nil {
		return fail(err)
	}
	return nil
}
