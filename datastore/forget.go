package datastore

import (
	"context"
	"errors"
	"fmt"

	"golang.org/x/sync/errgroup"

	"github.com/heirloom-backup/heirloom/datastore/backend"
)

// Forget removes one snapshot. Its chunks stay until a collection finds that nothing needs them; until then Undelete
// brings it back. The reason is recorded. A snapshot that is held is not removed: the error is an ErrHeld.
func (s *Store) Forget(ctx context.Context, sn *Snapshot, reason string) error {
	removed, err := s.ForgetAll(ctx, []Forgetting{{sn, reason}})
	if err == nil && len(removed) == 0 {
		err = ErrNoSnapshot // cannot be: whatever is not removed is an error
	}
	return err
}

// Forgetting is a snapshot to be removed, and why.
type Forgetting struct {
	Snapshot *Snapshot
	Reason   string
}

// removers is how many objects are put or deleted at the same time.
const removers = 8

// ForgetAll removes snapshots as Forget does and returns those that it did remove. One that is held is left and makes an
// error; the others are removed all the same. When anything else fails some may be removed: doing it again ends it.
func (s *Store) ForgetAll(ctx context.Context, list []Forgetting) ([]*Snapshot, error) {
	intent, err := s.announce(ctx, list)
	if err != nil {
		return nil, err
	}
	free, held, err := s.withoutHolds(ctx, list)
	if err != nil {
		return nil, err
	}
	free, late, err := s.recordRemovals(ctx, free, intent)
	if err != nil {
		return nil, errors.Join(err, held)
	}
	var gone []*Snapshot
	for _, f := range free {
		gone = append(gone, f.Snapshot)
	}
	if err := s.deleteManifests(ctx, gone); err != nil {
		return gone, errors.Join(err, held, late)
	}
	return gone, errors.Join(s.backend.Delete(ctx, intent), held, late)
}

// withoutHolds returns the snapshots that may go, and an error for the others.
func (s *Store) withoutHolds(ctx context.Context, list []Forgetting) (free []Forgetting, held error, err error) {
	state, err := s.State(ctx)
	if err != nil {
		return nil, nil, fmt.Errorf("forget %d snapshots: %w", len(list), err)
	}
	for _, f := range list {
		if hold, is := state.Held(f.Snapshot, s.now()); is {
			held = errors.Join(held, fmt.Errorf("forget: %w", &HeldError{f.Snapshot.Address(), hold}))
			continue
		}
		free = append(free, f)
	}
	return free, held, nil
}

// recordRemovals keeps copies of the manifests and records the removals. If somebody has placed a hold meanwhile, the
// removals of what he holds are revoked.
func (s *Store) recordRemovals(ctx context.Context, list []Forgetting, intent string) (free []Forgetting, held error, err error) {
	if len(list) == 0 {
		return nil, nil, nil
	}
	if err := s.copyManifests(ctx, list); err != nil {
		return nil, nil, err
	}
	var recs []record
	for _, f := range list {
		recs = append(recs, record{Type: recordPrune, Snapshot: refOf(f.Snapshot), Reason: f.Reason})
	}
	_, refs, err := s.record(ctx, recs...)
	if err != nil {
		return nil, nil, fmt.Errorf("forget %d snapshots: %w", len(recs), err)
	}
	if unopposed, err := s.exists(ctx, intent); err != nil || unopposed {
		return list, nil, err
	}
	free, held, err = s.withoutHolds(ctx, list)
	if err != nil || held == nil {
		return free, nil, err
	}
	return free, held, s.revoke(ctx, list, free, refs)
}

// revoke takes the removals back of the snapshots that are not free to go.
func (s *Store) revoke(ctx context.Context, list, free []Forgetting, refs []reference) error {
	goes := map[*Snapshot]bool{}
	for _, f := range free {
		goes[f.Snapshot] = true
	}
	var recs []record
	for i, f := range list {
		if !goes[f.Snapshot] {
			recs = append(recs, record{Type: recordRevoke, Snapshot: refOf(f.Snapshot), Revokes: []string{refs[i].Name}})
		}
	}
	if _, _, err := s.record(ctx, recs...); err != nil {
		return err
	}
	for _, f := range list {
		// Unless another removal was quicker, the copy is of no use.
		if there, err := s.exists(ctx, f.Snapshot.object); err != nil {
			return err
		} else if there && !goes[f.Snapshot] {
			if err := s.backend.Delete(ctx, prunedName(f.Snapshot.object)); err != nil {
				return err
			}
		}
	}
	return nil
}

// copyManifests keeps what Undelete needs.
func (s *Store) copyManifests(ctx context.Context, list []Forgetting) error {
	return eachOf(ctx, list, func(ctx context.Context, f Forgetting) error {
		sn := f.Snapshot
		if err := s.backend.Put(ctx, prunedName(sn.object), sn.raw); err != nil && !errors.Is(err, backend.ErrExist) {
			return fmt.Errorf("forget %s: %w", sn.Address(), err)
		}
		return nil
	})
}

// deleteManifests removes manifests, each before its promise.
func (s *Store) deleteManifests(ctx context.Context, list []*Snapshot) error {
	return eachOf(ctx, list, func(ctx context.Context, sn *Snapshot) error {
		if err := s.backend.Delete(ctx, sn.object); err != nil {
			return fmt.Errorf("forget %s: %w", sn.Address(), err)
		}
		if err := s.backend.Delete(ctx, promiseName(sn.object)); err != nil {
			return fmt.Errorf("forget %s: %w", sn.Address(), err)
		}
		return nil
	})
}

// eachOf calls do for each of the list, several at a time, and returns the first error.
func eachOf[T any](ctx context.Context, list []T, do func(context.Context, T) error) error {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(removers)
	for _, item := range list {
		group.Go(func() error { return do(ctx, item) })
	}
	return group.Wait()
}
