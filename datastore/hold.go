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
func (st *State) Held(sn *Snapshot, now time.Time) (Hold, bool) {
	var found Hold
	held := false
	for _, record := range st.holdsOn(sn.ID) {
		if h := st.byID[sn.ID].holds[record]; h.lasts(now) && (!held || h.outlasts(found)) {
			found, held = h, true
		}
	}
	return found, held
}

// holdsOn returns the records of the holds on a snapshot that were not released, sorted.
func (st *State) holdsOn(id string) []string {
	sn := st.byID[id]
	if sn == nil {
		return nil
	}
	records := slices.Sorted(maps.Keys(sn.holds))
	return slices.DeleteFunc(records, func(record string) bool { return st.ended[record] })
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
	if _, err := s.record(ctx, rec); err != nil {
		return fail(err)
	}
	// Whoever removes it first leaves a copy of the manifest and then looks for holds: one of the two sees the other.
	going, err := s.going(ctx, sn)
	if err != nil {
		return fail(err)
	}
	if going {
		return fail(fmt.Errorf("it is being removed, or was (undelete brings it back): %w", ErrNoSnapshot))
	}
	return nil
}

// going says whether somebody has removed the snapshot, or has begun to.
func (s *Store) going(ctx context.Context, sn *Snapshot) (bool, error) {
	begun, err := s.exists(ctx, prunedName(sn.object))
	if err != nil || begun {
		return true, err
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
	if _, err := s.record(ctx, record{Type: recordRelease, Snapshot: refOf(sn), Releases: holds}); err != nil {
		return fail(err)
	}
	return nil
}
