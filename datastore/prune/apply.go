package prune

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/heirloom-backup/heirloom/datastore"
)

// ApplyOptions say how a plan is applied. The zero value removes whatever the plan says.
type ApplyOptions struct {
	// MaxRemove is the brake: how many percent of a series' snapshots, unfinished ones included, may go. 0: no limit.
	MaxRemove float64

	// Progress is told after each batch how many snapshots were dealt with, and of how many; nil: nobody. It is called
	// from the goroutine that called Apply.
	Progress func(done, of int)
}

// Result is what Apply did.
type Result struct {
	Removed []datastore.Address
	Left    []*datastore.HeldError // not removed, because somebody put a hold on them meanwhile
}

// batch is how many snapshots are removed together.
const batch = 128

// Apply removes what the plan says, the oldest of each series first. The ledger records for each the policy and why it
// goes. Space comes back with the next collection.
//
// Before anything is removed all is checked again. It fails with datastore.ErrOtherStore, datastore.ErrStalePlan (a
// *StaleError tells what has changed), ErrEdited, or ErrTooMany (a *TooManyError). An error after that comes with the
// Result so far; whatever ended it, even a crash, a new plan finishes the work.
func (p *Plan) Apply(ctx context.Context, store *datastore.Store, o ApplyOptions) (*Result, error) {
	plan, found, err := p.renew(ctx, store)
	if err != nil {
		return nil, fmt.Errorf("prune: %w", err)
	}
	if err := plan.brake(o.MaxRemove); err != nil {
		return nil, fmt.Errorf("prune: %w", err)
	}
	going, result, done := plan.forgettings(found), &Result{}, 0
	for part := range slices.Chunk(going, batch) {
		if err := result.forget(ctx, store, part); err != nil {
			return result, fmt.Errorf("prune: %d of %d snapshots removed: %w", len(result.Removed), len(going), err)
		}
		if done += len(part); o.Progress != nil {
			o.Progress(done, len(going))
		}
	}
	return result, nil
}

// forgettings returns what goes, with the reason that the ledger is to record. The oldest of a series go first:
// whatever ends a prune early, the newest are left.
func (p *Plan) forgettings(found *survey) []datastore.Forgetting {
	known := found.byID()
	var list []datastore.Forgetting
	for _, series := range p.Series {
		for _, d := range slices.Backward(series.Decisions) {
			if !d.Keep {
				reason := fmt.Sprintf("prune %s: %s", p.Policy, d.Why)
				list = append(list, datastore.Forgetting{Snapshot: known[d.ID], Reason: reason})
			}
		}
	}
	return list
}

// forget removes one batch. A hold is no failure: it is what somebody wanted.
func (r *Result) forget(ctx context.Context, store *datastore.Store, part []datastore.Forgetting) error {
	removed, err := store.ForgetAll(ctx, part)
	for _, sn := range removed {
		r.Removed = append(r.Removed, sn.Address())
	}
	held, err := withoutHolds(err)
	r.Left = append(r.Left, held...)
	return err
}

// withoutHolds parts an error of ForgetAll, which joins several, into holds and what is left of it.
func withoutHolds(err error) (held []*datastore.HeldError, rest error) {
	var hold *datastore.HeldError
	joined, several := err.(interface{ Unwrap() []error })
	switch {
	case several:
		for _, e := range joined.Unwrap() {
			h, r := withoutHolds(e)
			held, rest = append(held, h...), errors.Join(rest, r)
		}
		return held, rest
	case errors.As(err, &hold):
		return []*datastore.HeldError{hold}, nil
	}
	return nil, err
}
