package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"slices"

	"github.com/spf13/cobra"

	"github.com/heirloom-backup/heirloom/datastore"
	"github.com/heirloom-backup/heirloom/datastore/prune"
)

// planner has a plan for a store that is open.
type planner func(context.Context, *datastore.Store) (*prune.Plan, error)

// prunePlan reads the flags, and the file if they name one: all that can be wrong without a store.
func (p *program) prunePlan(ctx context.Context, cmd *cobra.Command, f *pruneFlags) (planner, error) {
	if cmd.Flags().Changed("max-remove") && !(f.maxRemove > 0 && f.maxRemove <= 100) {
		return nil, wrongUsage("--max-remove %g is not above 0 and up to 100 percent", f.maxRemove)
	}
	if f.apply != "" {
		return p.keptPlan(ctx, cmd, f.apply)
	}
	policy, zone, err := f.policy.resolve(cmd)
	if err != nil {
		return nil, err
	}
	if policy.KeepsEverything() {
		return nil, wrongUsage("--keep %q: position 1: no window such as keep-daily=7 is set, nothing would go", f.policy.keep)
	}
	o := prune.Options{Policy: policy, Zone: zone}
	o.Filter = datastore.Filter{Namespace: f.namespace.value, Name: f.name, Job: f.job}
	return func(ctx context.Context, store *datastore.Store) (*prune.Plan, error) {
		return prune.Make(ctx, store, o)
	}, nil
}

// keptPlan reads a plan that was kept. What it is about it says itself.
func (p *program) keptPlan(ctx context.Context, cmd *cobra.Command, file string) (planner, error) {
	for _, flag := range []string{"keep", "independent", "tz", "namespace", "name", "job"} {
		if cmd.Flags().Changed(flag) {
			return nil, wrongUsage("--apply goes without --%s: the plan says that", flag)
		}
	}
	var plan *prune.Plan
	err := p.withInput(ctx, file, func(in io.Reader) error {
		data, err := io.ReadAll(io.LimitReader(in, 2*prune.MaxSize))
		if err == nil {
			plan, err = decodePrune(data)
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read plan %s: %w", file, err)
	}
	return func(context.Context, *datastore.Store) (*prune.Plan, error) { return plan, nil }, nil
}

// decodePrune reads a plan, or the document of a simulation with the plan in it.
func decodePrune(data []byte) (*prune.Plan, error) {
	var document struct {
		Removed []string
		Plan    json.RawMessage
	}
	if json.Unmarshal(data, &document) != nil || document.Plan == nil {
		return prune.Decode(data)
	}
	plan, err := prune.Decode(document.Plan)
	if err != nil {
		return nil, err
	}
	// Whoever took one out of the list of those that go thinks that it stays.
	var removed []string
	for d := range plan.Removals() {
		removed = append(removed, shown(d.Snapshot))
	}
	if !slices.Equal(removed, document.Removed) {
		return nil, prune.ErrEdited
	}
	return plan, nil
}
