package main

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/heirloom-backup/heirloom/datastore"
)

// readCollectionPlan reads a plan that was kept. Whether it still fits the store is for the store to say.
func (p *program) readCollectionPlan(ctx context.Context, file string) (*datastore.CollectionPlan, error) {
	plan := &datastore.CollectionPlan{}
	if err := p.readPlan(ctx, file, plan); err != nil {
		return nil, err
	}
	if plan.Store == "" || plan.State == "" || plan.Made.IsZero() {
		return nil, fmt.Errorf("read plan %s: %w: it does not say of which store, or when", file, errNoPlan)
	}
	seen := map[string]bool{}
	for _, c := range plan.Packs {
		if seen[c.Pack] { // it would count twice
			return nil, fmt.Errorf("read plan %s: %w: pack %q is in it twice", file, errNoPlan, c.Pack)
		}
		seen[c.Pack] = true
	}
	return plan, nil
}

// packsShown is how many packs of a plan people get to see.
const packsShown = 20

func (p *program) showCollectionPlan(plan *datastore.CollectionPlan) error {
	if p.json {
		if plan.Packs == nil {
			plan.Packs = []datastore.CondemnedPack{} // an array for scripts, always
		}
		return writeJSON(p.Stdout, plan)
	}
	if err := p.showCondemned(plan.Packs); err != nil {
		return err
	}
	text := freed("would free", plan.PacksRemoved, plan.ChunksRemoved, plan.BytesRemoved, plan.BytesCopied)
	if n := int64(plan.SessionsAwaited); n > 0 && plan.PacksRemoved > 0 {
		text += "\nnot before all have ended that run now: " + count(n, "backup", "backups")
	}
	_, err := fmt.Fprintln(p.Stdout, text)
	return err
}

// showCondemned prints those packs that free most.
func (p *program) showCondemned(packs []datastore.CondemnedPack) error {
	if len(packs) == 0 {
		return nil
	}
	packs = slices.SortedStableFunc(slices.Values(packs), func(a, b datastore.CondemnedPack) int {
		return cmp.Compare(b.Bytes-b.Needed, a.Bytes-a.Needed)
	})
	w := p.table("PACK\tSIZE\tNEEDED\tWHY")
	for _, c := range packs[:min(len(packs), packsShown)] {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", c.Pack, size(c.Bytes), size(c.Needed), c.Reason)
	}
	if more := int64(len(packs) - packsShown); more > 0 {
		fmt.Fprintf(w, "and %s; --json lists all\n", count(more, "more", "more"))
	}
	return w.Flush()
}
