package prune

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/heirloom-backup/heirloom/datastore"
)

// survey is what a plan rests on: what the store knows of the groups in its scope, whichever job's snapshots.
type survey struct {
	snapshots []*datastore.Snapshot
	problems  []Problem
	finished  map[datastore.Group]time.Time // of a group's newest finished snapshot
	recorded  map[datastore.Address]bool    // known as finished, and not found like that
	state     *datastore.State
	writers   map[string]bool // sessions that live
	now       time.Time
}

// look reads what the store knows. The order matters: a session ends after its snapshot was promised and recorded. So
// what is unfinished when manifests are listed, and has neither session nor record after that, stays unfinished. (But for
// a writer that could not record its snapshot any more. Apply looks a second time, and sees the promise.)
func look(ctx context.Context, store *datastore.Store, f datastore.Filter) (*survey, error) {
	v := &survey{finished: map[datastore.Group]time.Time{}, recorded: map[datastore.Address]bool{}}
	before, err := store.State(ctx) // what is committed while manifests are listed is not missed
	if err != nil {
		return nil, fmt.Errorf("read ledger: %w", err)
	}
	if err := v.list(ctx, store, f); err != nil {
		return nil, err
	}
	if v.writers, err = store.Sessions(ctx); err != nil {
		return nil, err
	}
	if v.state, err = store.State(ctx); err != nil {
		return nil, fmt.Errorf("read ledger: %w", err)
	}
	v.now = store.Now().UTC().Round(0) // without what JSON cannot hold
	v.miss(before, f)
	return v, nil
}

// list reads the manifests of whole groups: an unfinished snapshot can be replaced by one that another job made.
func (v *survey) list(ctx context.Context, store *datastore.Store, f datastore.Filter) error {
	f.Job, f.Unfinished = "", true
	for sn, err := range store.Snapshots(ctx, f) {
		var unreadable *datastore.ManifestError
		switch {
		case errors.As(err, &unreadable):
			v.problems = append(v.problems, Problem{unreadable.Object, unreadable.Err.Error()})
			continue
		case err != nil:
			return err
		}
		v.snapshots = append(v.snapshots, sn)
		if sn.Promised && sn.Time.After(v.finished[sn.Group]) {
			v.finished[sn.Group] = sn.Time
		}
	}
	return nil
}

// miss compares the list with the ledger, as it was before and is now: both know what should have been in it.
func (v *survey) miss(before *datastore.State, f datastore.Filter) {
	finished, listed, reported := map[string]bool{}, map[datastore.Address]bool{}, map[string]bool{}
	for _, sn := range v.snapshots {
		listed[sn.Address()] = true
		finished[sn.ID] = sn.Promised
	}
	for _, p := range v.problems {
		reported[p.Object] = true
	}
	for _, lost := range v.state.Vanished(finished) {
		v.recorded[lost.Address] = true
	}
	for _, lost := range before.Vanished(finished) {
		if v.recorded[lost.Address] && !listed[lost.Address] && !reported[lost.Object] && within(f, lost.Address.Group) {
			v.problems = append(v.problems, Problem{lost.Object, "the ledger knows the snapshot, and its manifest is gone"})
		}
	}
}

func within(f datastore.Filter, g datastore.Group) bool {
	return (f.Namespace == nil || *f.Namespace == g.Namespace) && (f.Kind == "" || f.Kind == g.Kind) &&
		(f.Name == "" || f.Name == g.Name)
}

// held returns why a snapshot is held, "" if it is not.
func (v *survey) held(sn *datastore.Snapshot) string {
	hold, is := v.state.Held(sn, v.now)
	if is && hold.Reason == "" {
		return "no reason given"
	}
	return hold.Reason
}

// outcome returns that of the snapshot's last verification, "" if there was none.
func (v *survey) outcome(sn *datastore.Snapshot) datastore.Outcome {
	verified, _ := v.state.Verified(sn)
	return verified.Outcome
}

func (v *survey) byID() map[string]*datastore.Snapshot {
	known := make(map[string]*datastore.Snapshot, len(v.snapshots))
	for _, sn := range v.snapshots {
		known[sn.ID] = sn
	}
	return known
}
