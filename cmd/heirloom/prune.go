package main

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"github.com/heirloom-backup/heirloom/datastore"
	"github.com/heirloom-backup/heirloom/datastore/prune"
)

// pruneFlags say which snapshots a policy is asked about, and what is done with the answer.
type pruneFlags struct {
	policy    policyFlags
	namespace optional
	name, job string
	maxRemove float64
	simulate  bool
	apply     string
}

func (p *program) pruneCommand() *cobra.Command {
	var f pruneFlags
	cmd := &cobra.Command{
		Use:   "prune {--keep POLICY | --apply FILE} [--namespace NS] [--name NAME] [--job JOB] [--max-remove PERCENT] [--simulate]",
		Short: "Remove the snapshots that a policy does not keep",
		Long: "Remove the snapshots that a policy does not keep, and say of each why. Snapshots compete with those of the same\n" +
			"workload and job alone; held ones are kept, and so is the newest good one.\n\n" +
			"Space is freed by the next gc. Until then each comes back with: heirloom undelete ADDRESS",
		Example: `  heirloom prune --keep "keep-daily=7, keep-weekly=4" --simulate
  heirloom prune --keep "keep-daily=7, keep-weekly=4" --simulate --json > plan.json
  heirloom prune --apply plan.json`,
		Annotations: map[string]string{whenCancelled: "what was removed stays so, and the next run goes on from there"},
		Args:        wants(0, 0),
	}
	f.policy.add(cmd)
	cmd.Flags().Var(&f.namespace, "namespace", "only snapshots in namespace `NS` itself; \"\" is the root namespace")
	cmd.Flags().StringVar(&f.name, "name", "", "only those of `NAME`")
	cmd.Flags().StringVar(&f.job, "job", "", "only those that `JOB` made")
	cmd.Flags().Float64Var(&f.maxRemove, "max-remove", 0,
		"remove nothing at all if more than `PERCENT` of a workload's snapshots would go")
	cmd.Flags().BoolVar(&f.simulate, "simulate", false, "remove nothing, and say to the byte what the next gc would free")
	cmd.Flags().StringVar(&f.apply, "apply", "",
		"carry out the plan in `FILE` (- for stdin) that --simulate --json wrote, if nothing has changed")
	cmd.RunE = p.recorded(func([]string) about {
		return about{kind: "prune", target: p.storeSubject(), changesNothing: f.simulate}
	}, func(ctx context.Context, _ []string) error {
		plan, err := p.prunePlan(ctx, cmd, &f)
		if err != nil {
			return err
		}
		return p.withStore(ctx, func(store openStore) error { return p.prune(ctx, store.Store, f, plan) })
	})
	return cmd
}

func (p *program) prune(ctx context.Context, store *datastore.Store, f pruneFlags, ask planner) error {
	began := p.Now()
	r, err := p.pruneOnce(ctx, store, f, ask)
	for again := 0; again < maxReplans && f.apply == "" && errors.Is(err, datastore.ErrStalePlan); again++ {
		r, err = p.pruneOnce(ctx, store, f, ask) // something was saved or verified just now
	}
	if err != nil {
		return err
	}
	r.elapsed = p.Now().Sub(began)
	return p.reportPrune(r, f.maxRemove)
}

// maxReplans is how often a plan that nobody has seen yet is made anew because the store has changed under it.
const maxReplans = 10

// pruneOnce plans, and then removes or foresees.
func (p *program) pruneOnce(ctx context.Context, store *datastore.Store, f pruneFlags, ask planner) (*pruneRun, error) {
	plan, err := ask(ctx, store)
	if err != nil {
		return nil, err
	}
	r := &pruneRun{plan: plan}
	if f.simulate {
		r.foreseen, err = plan.Foresee(ctx, store)
	} else {
		r.result, err = plan.Apply(ctx, store, prune.ApplyOptions{MaxRemove: f.maxRemove})
	}
	return r, err
}
