package main

import (
	"context"
	"errors"
	"time"

	"github.com/spf13/cobra"

	"github.com/heirloom-backup/heirloom/datastore"
)

// snapshotFlags choose which snapshots are listed, and how old a verification may be.
type snapshotFlags struct {
	namespace    optional
	name, job    string
	keepVerified days
}

func (p *program) snapshotsCommand() *cobra.Command {
	var f snapshotFlags
	cmd := &cobra.Command{
		Use:   "snapshots [flags]",
		Short: "List the snapshots of the store",
		Long:  "List the snapshots of the store, group by group, oldest first. Delete one with: heirloom forget ADDRESS",
		Args:  wants(0, 0),
		RunE:  p.action(func(ctx context.Context, _ []string) error { return p.snapshots(ctx, f) }),
	}
	cmd.Flags().Var(&f.namespace, "namespace", "only those in namespace `NS` itself; \"\" is the root namespace")
	cmd.Flags().StringVar(&f.name, "name", "", "only those of `NAME`")
	cmd.Flags().StringVar(&f.job, "job", "", "only those that `JOB` made")
	cmd.Flags().Var(&f.keepVerified, "keep-verified", "a good verification older than `D` (30d, 12h) is shown as STALE")
	return cmd
}

func (p *program) snapshots(ctx context.Context, f snapshotFlags) error {
	filter := datastore.Filter{Namespace: f.namespace.value, Name: f.name, Job: f.job}
	return p.withStore(ctx, func(store openStore) error {
		state, err := store.State(ctx)
		if err != nil {
			return err
		}
		list, damage, err := collect(ctx, store.Store, filter)
		if err != nil {
			return err
		}
		oldest := f.keepVerified.before(p.Now())
		if err := p.listSnapshots(list, func(sn *datastore.Snapshot) *verifiedJSON { return lastVerified(state, sn, oldest) }); err != nil {
			return err
		}
		return damage
	})
}

// collect returns the chosen snapshots, and what is wrong with those that cannot be read: one damaged manifest hides
// no other.
func collect(ctx context.Context, store *datastore.Store, filter datastore.Filter) (list []*datastore.Snapshot, damage, err error) {
	for sn, err := range store.Snapshots(ctx, filter) {
		switch {
		case errors.As(err, new(*datastore.ManifestError)):
			damage = errors.Join(damage, err)
		case err != nil:
			return nil, nil, err
		default:
			list = append(list, sn)
		}
	}
	return list, damage, nil
}

// verifiedJSON is the last verification of a snapshot.
type verifiedJSON struct {
	Result datastore.Outcome `json:"result"`
	Time   stamp             `json:"time"`
}

// lastVerified returns nil for a snapshot that was never verified. A good result from before oldest has become stale.
func lastVerified(state *datastore.State, sn *datastore.Snapshot, oldest time.Time) *verifiedJSON {
	v, ok := state.Verified(sn)
	if !ok {
		return nil
	}
	if v.Outcome == datastore.OutcomeOK && v.Time.Before(oldest) {
		v.Outcome = datastore.OutcomeStale
	}
	return &verifiedJSON{v.Outcome, stamp(v.Time)}
}
