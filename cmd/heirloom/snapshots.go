package main

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"github.com/heirloom-backup/heirloom/datastore"
)

// snapshotFlags choose which snapshots are listed, and how old a verification may be.
type snapshotFlags struct {
	namespace    optional
	name, job    string
	keepVerified days
	pruned       bool
}

func (p *program) snapshotsCommand() *cobra.Command {
	var f snapshotFlags
	cmd := &cobra.Command{
		Use:   "snapshots [flags]",
		Short: "List the snapshots of the store",
		Long: "List the snapshots of the store, group by group, oldest first. Delete one with: heirloom forget ADDRESS\n\n" +
			"What is damaged, or gone though nobody removed it, is named on stderr, and the exit status is 4.\n" +
			"With --pruned, list those that were removed and may come back with: heirloom undelete ADDRESS",
		Args: wants(0, 0),
		RunE: p.action(func(ctx context.Context, _ []string) error { return p.snapshots(ctx, f) }),
	}
	cmd.Flags().Var(&f.namespace, "namespace", "only those in namespace `NS` itself; \"\" is the root namespace")
	cmd.Flags().StringVar(&f.name, "name", "", "only those of `NAME`")
	cmd.Flags().StringVar(&f.job, "job", "", "only those that `JOB` made")
	cmd.Flags().Var(&f.keepVerified, "keep-verified", "a good verification older than `D` (30d, 12h) is shown as STALE")
	cmd.Flags().BoolVar(&f.pruned, "pruned", false, "those that were removed, when and why")
	return cmd
}

func (p *program) snapshots(ctx context.Context, f snapshotFlags) error {
	filter := datastore.Filter{Namespace: f.namespace.value, Name: f.name, Job: f.job}
	return p.withStore(ctx, func(store openStore) error {
		read, write := listPresent, p.writeSnapshots
		if f.pruned {
			read, write = listPruned, p.writePruned
		}
		l, err := read(ctx, store.Store, filter)
		if err != nil {
			return err
		}
		l.oldest, l.now = f.keepVerified.before(p.Now()), p.Now()
		if p.json {
			err = p.snapshotsJSON(l)
		} else {
			err = write(l)
		}
		if err != nil {
			return err
		}
		return errors.Join(l.damage...)
	})
}
