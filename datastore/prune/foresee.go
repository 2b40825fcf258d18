package prune

import (
	"context"
	"fmt"

	"github.com/heirloom-backup/heirloom/datastore"
)

// Foresee says what a collection frees once the plan is applied, to the byte as long as nobody else writes: its figures
// are those of a collection with the zero CollectOptions, and contain what could be collected even now. It changes
// nothing, reads all tree nodes, and fails like Apply if the plan is not of this store as it is.
func (p *Plan) Foresee(ctx context.Context, store *datastore.Store) (*datastore.CollectionPlan, error) {
	plan, found, err := p.renew(ctx, store)
	if err != nil {
		return nil, fmt.Errorf("foresee prune: %w", err)
	}
	var going []*datastore.Snapshot
	for _, f := range plan.forgettings(found) {
		going = append(going, f.Snapshot)
	}
	freed, err := store.PlanCollection(ctx, datastore.CollectOptions{}, going...)
	if err != nil {
		return nil, fmt.Errorf("foresee prune: %w", err)
	}
	return freed, nil
}
