package main

import (
	"context"
	"errors"
	"iter"
	"slices"
	"time"

	"github.com/heirloom-backup/heirloom/datastore"
)

// snapshotListing is what a store has of snapshots, and what the ledger says of them.
type snapshotListing struct {
	snapshots []*datastore.Snapshot
	state     *datastore.State
	damage    []error // what is wrong with those that cannot be read, or are not there

	now    time.Time
	oldest time.Time // good verifications from before it are stale
}

// listPresent lists the chosen snapshots. One that is damaged or has vanished hides no other.
func listPresent(ctx context.Context, store *datastore.Store, f datastore.Filter) (*snapshotListing, error) {
	state, err := store.State(ctx) // what is committed while snapshots are listed has not vanished
	if err != nil {
		return nil, err
	}
	l := &snapshotListing{state: state}
	if err := l.read(store.Snapshots(ctx, f)); err != nil {
		return nil, err
	}
	return l, l.miss(ctx, store, f)
}

// listPruned lists the chosen snapshots that were removed and may come back.
func listPruned(ctx context.Context, store *datastore.Store, f datastore.Filter) (*snapshotListing, error) {
	l := &snapshotListing{}
	if err := l.read(store.Pruned(ctx, f)); err != nil {
		return nil, err
	}
	state, err := store.State(ctx) // by now all that were listed have the record of their removal
	l.state = state
	return l, err
}

func (l *snapshotListing) read(list iter.Seq2[*datastore.Snapshot, error]) error {
	for sn, err := range list {
		switch {
		case as[*datastore.ManifestError](err):
			l.damage = append(l.damage, err)
		case err != nil:
			return err
		default:
			l.snapshots = append(l.snapshots, sn)
		}
	}
	return nil
}

// miss adds a *datastore.VanishedError for each chosen snapshot that nobody removed and that is not there. The job of
// such a one is not known: it counts as chosen. The store is looked through only where something seems to be missing.
func (l *snapshotListing) miss(ctx context.Context, store *datastore.Store, f datastore.Filter) error {
	there := map[string]bool{}
	for _, sn := range l.snapshots {
		there[sn.ID] = true
	}
	chosen := func(v datastore.Vanished) bool {
		g := v.Address.Group
		return (f.Namespace == nil || *f.Namespace == g.Namespace) && (f.Name == "" || f.Name == g.Name)
	}
	if !slices.ContainsFunc(l.state.Vanished(there), chosen) {
		return nil
	}
	lost, err := store.Lost(ctx)
	for _, v := range lost {
		if chosen(v) && !l.damaged(v.Object) {
			l.damage = append(l.damage, &datastore.VanishedError{Object: v.Object, Address: v.Address})
		}
	}
	return err
}

// damaged says whether a manifest is there, and damaged.
func (l *snapshotListing) damaged(object string) bool {
	return slices.ContainsFunc(l.damage, func(err error) bool {
		var damage *datastore.ManifestError
		return errors.As(err, &damage) && damage.Object == object
	})
}
