package main

import (
	"context"
	"errors"
	"fmt"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/heirloom-backup/heirloom/datastore"
)

// gcFlags say how space is freed.
type gcFlags struct {
	plan  bool
	apply string
	fence bool
}

func (p *program) gcCommand() *cobra.Command {
	var f gcFlags
	cmd := &cobra.Command{
		Use:   "gc [--plan] [--apply FILE] [--fence]",
		Short: "Free the space of what no snapshot needs any more",
		Long: "Remove the packs that no snapshot needs any more. Of packs that are needed in part, what is needed is copied\n" +
			"first. Backups and restores may run meanwhile: what a backup that runs may still need goes in a later gc.\n" +
			"One that gives no sign of life for a quarter of an hour, as seen by two runs of gc here, is taken for dead.\n\n" +
			"Where it cannot be told what is needed nothing is removed: a snapshot that is damaged or has vanished, storage\n" +
			"whose listings are not complete (see: heirloom probe). A snapshot that was removed can come back until its\n" +
			"packs are gone: heirloom snapshots --pruned.",
		Example: `  heirloom gc --plan                      # what would go, and why
  heirloom gc --plan --json > plan.json   # keep it, think about it,
  heirloom gc --apply plan.json           # and do just that`,
		Annotations: map[string]string{whenCancelled: "nothing needs to be repaired, and the next run goes on from there"},
		Args:        wants(0, 0),
	}
	cmd.RunE = p.recorded(func([]string) about {
		return about{kind: "gc", target: p.storeSubject(), changesNothing: f.plan}
	}, func(ctx context.Context, _ []string) error { return p.gc(ctx, f) })
	cmd.Flags().BoolVar(&f.plan, "plan", false, "only show what would go; with --json, in a form that --apply takes")
	cmd.Flags().StringVar(&f.apply, "apply", "", "carry out the plan in `FILE` (- for stdin) if it still fits the store")
	cmd.Flags().BoolVar(&f.fence, "fence", false,
		"take all backups that have not ended for dead, when none runs; one that runs all the same notices, and goes on")
	return cmd
}

func (p *program) gc(ctx context.Context, f gcFlags) error {
	if f.plan && (f.apply != "" || f.fence) {
		return wrongUsage("--plan changes nothing: it goes without --apply and --fence")
	}
	o := datastore.CollectOptions{FenceAll: f.fence}
	if f.apply != "" {
		plan, err := p.readCollectionPlan(ctx, f.apply)
		if err != nil {
			return err
		}
		o.Plan = plan
	}
	return p.withStore(ctx, func(store openStore) error {
		if f.plan {
			return p.planCollection(ctx, store)
		}
		return p.collectStore(ctx, store, o)
	})
}

func (p *program) collectStore(ctx context.Context, store openStore, o datastore.CollectOptions) error {
	began := p.Now()
	c, err := store.Collect(ctx, o)
	if errors.Is(err, syscall.ENOSPC) {
		err = fmt.Errorf("before packs are removed, what is needed of them is copied, and that needs room: %w", err)
	}
	if err != nil {
		return err
	}
	return p.reportCollection(c, p.Now().Sub(began))
}

func (p *program) planCollection(ctx context.Context, store openStore) error {
	plan, err := store.PlanCollection(ctx, datastore.CollectOptions{})
	if err != nil {
		return err
	}
	return p.showCollectionPlan(plan)
}
