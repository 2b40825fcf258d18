package prune

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/heirloom-backup/heirloom/datastore"
)

// ErrEdited says that a plan is not what its own policy says of the store. Somebody edited it; or its zone is "Local", and
// that is another one here.
var ErrEdited = errors.New("the plan is not what its policy says")

// StaleError says what has changed since a plan was made; it is a datastore.ErrStalePlan. Counts are of snapshots.
type StaleError struct {
	Made       time.Time
	New        int
	Gone       int
	Held       int // a hold was put on them, or ended
	Verified   int // with another outcome
	Unfinished int // finished meanwhile, or unfinished for another reason
}

func (e *StaleError) Error() string {
	var parts []string
	for _, p := range []struct {
		what  string
		count int
	}{
		{"new", e.New}, {"gone", e.Gone}, {"held or released", e.Held}, {"verified otherwise", e.Verified},
		{"unfinished otherwise", e.Unfinished},
	} {
		if p.count > 0 {
			parts = append(parts, fmt.Sprintf("%s: %d", p.what, p.count))
		}
	}
	made, changes := e.Made.Format(time.RFC3339), strings.Join(parts, ", ")
	return fmt.Sprintf("%v, at %s; snapshots %s", datastore.ErrStalePlan, made, changes)
}

// Unwrap makes it a datastore.ErrStalePlan.
func (e *StaleError) Unwrap() error { return datastore.ErrStalePlan }

// renew makes the plan anew and fails unless it comes out the same: everything that is done rests on the new one.
func (p *Plan) renew(ctx context.Context, store *datastore.Store) (*Plan, *survey, error) {
	if p.Store != store.ID() {
		return nil, nil, fmt.Errorf("%w: it is of %s, this store is %s", datastore.ErrOtherStore, p.Store, store.ID())
	}
	zone, err := time.LoadLocation(p.Zone)
	if err != nil {
		return nil, nil, fmt.Errorf("zone of the plan: %w", err)
	}
	again, found, err := makePlan(ctx, store, Options{p.Policy, zone, p.Scope.filter()})
	if err != nil {
		return nil, nil, err
	}
	return again, found, p.sameAs(again)
}

// sameAs compares the plan with one that was made of the same store now.
func (p *Plan) sameAs(now *Plan) error {
	before := map[string]Decision{}
	for d := range p.decisions() {
		before[d.ID] = d
	}
	stale, edited := StaleError{Made: p.Made}, error(nil)
	for is := range now.decisions() {
		was, known := before[is.ID]
		delete(before, is.ID)
		switch {
		case !known:
			stale.New++
		case stale.note(was, is):
		case edited == nil && (was.Keep != is.Keep || was.Snapshot != is.Snapshot):
			edited = fmt.Errorf("%w: of %s it says %q", ErrEdited, is.Snapshot, is.Why)
		}
	}
	stale.Gone = len(before)
	if stale != (StaleError{Made: p.Made}) {
		return &stale
	}
	return edited
}

// note counts what has changed about a snapshot, if anything.
func (e *StaleError) note(was, is Decision) bool {
	switch {
	case was.Held != is.Held:
		e.Held++
	case was.Verified != is.Verified:
		e.Verified++
	case was.Unfinished != is.Unfinished || is.Unfinished && was.Why != is.Why:
		e.Unfinished++
	default:
		return false
	}
	return true
}
