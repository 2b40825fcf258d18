package datastore

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"github.com/heirloom-backup/heirloom/chunk"
	"github.com/heirloom-backup/heirloom/datastore/backend"
	"github.com/heirloom-backup/heirloom/datastore/internal/document"
)

// Draft is what a commit needs to know of a snapshot. The zero values of Job, Mode and Generation mean ManualJob, Full
// and the parent's (1 without a parent).
type Draft struct {
	Group
	Job         string
	Mode        Mode
	Parent      *Snapshot // nil: none
	Generation  int
	Origin      *Origin
	Started     time.Time
	Root        chunk.ID // put by tree.PutRoot
	Complete    bool
	Files, Dirs int64
	BytesSource int64
	BytesRead   int64
	Details     Details
}

// maxValidations bounds how often a snapshot whose packs are collected meanwhile is made whole again.
const maxValidations = 10

// Commit makes a snapshot of what was put. When it returns nil the snapshot is durable, and every chunk of it was in a
// pack that no collector may take away, seen after the manifest was stored.
//
// It fails with ErrCannotStoreAgain if chunks were collected meanwhile and no copy is left: the source must be read
// again in a new session.
func (w *Session) Commit(ctx context.Context, d Draft) (*Snapshot, error) {
	fail := func(err error) (*Snapshot, error) { return nil, fmt.Errorf("commit snapshot of %s: %w", d.Group, err) }
	if w.packer == nil {
		return fail(errors.New("a dry run stores nothing"))
	}
	if err := d.Group.Validate(); err != nil {
		return fail(err)
	}
	for range maxValidations {
		sn, err := w.attempt(ctx, d)
		if err != nil {
			return fail(err)
		}
		if sn != nil {
			return sn, nil
		}
		if err := w.makeWhole(ctx, d.Root); err != nil {
			return fail(err)
		}
	}
	return fail(fmt.Errorf("its packs were collected %d times in a row: %w", maxValidations, ErrCannotStoreAgain))
}

// attempt stores everything, then the manifest, validates it, and promises it. It returns nil if the validation says
// that a pack is going away; the manifest is withdrawn then.
func (w *Session) attempt(ctx context.Context, d Draft) (*Snapshot, error) {
	if err := w.flush(ctx); err != nil {
		return nil, err
	}
	sn, err := w.putManifest(ctx, d)
	if err != nil {
		return nil, err
	}
	ok, err := w.validate(ctx)
	if err != nil || !ok {
		return nil, errors.Join(err, w.withdraw(ctx, sn))
	}
	return sn, w.promise(ctx, sn)
}

// flush makes all that was put durable: packs first, then the index segments that name them.
func (w *Session) flush(ctx context.Context) error {
	if err := w.packer.Flush(); err != nil {
		return err
	}
	return w.flushSegment(ctx)
}

// maxSameTime bounds how often a writer takes another time because somebody else has the same.
const maxSameTime = 10

// putManifest stores the snapshot's manifest under a time of its own. Two writers of one group can choose the same; who
// then sees the other's manifest beside its own steps back, perhaps both. Each time they draw from a wider range.
func (w *Session) putManifest(ctx context.Context, d Draft) (*Snapshot, error) {
	for attempt := range maxSameTime {
		sn, err := w.tryManifest(ctx, d, rand.N(time.Millisecond<<attempt))
		if err != nil {
			return nil, err
		}
		alone, err := w.store.alone(ctx, sn)
		if alone && err == nil {
			return sn, nil
		}
		if err := errors.Join(err, w.withdraw(ctx, sn)); err != nil {
			return nil, err
		}
	}
	return nil, fmt.Errorf("others took the same time %d times in a row", maxSameTime)
}

// alone says whether no other manifest of the group has the snapshot's time. It is asked after the manifest is stored: of
// two writers at least the later one sees both.
func (s *Store) alone(ctx context.Context, sn *Snapshot) (bool, error) {
	names, _, err := s.listManifests(ctx, groupPrefix(sn.Group))
	same := strings.TrimSuffix(sn.object, sn.ID+manifestSuffix)
	return !slices.ContainsFunc(names, func(name string) bool {
		return name != sn.object && strings.HasPrefix(name, same)
	}), err
}

// tryManifest stores the manifest under the next time, or one that is later by delay.
func (w *Session) tryManifest(ctx context.Context, d Draft, delay time.Duration) (*Snapshot, error) {
	sn, err := w.draw(ctx, d, delay)
	if err != nil {
		return nil, err
	}
	m, err := w.store.manifestOf(sn)
	if err != nil {
		return nil, err
	}
	sn.object = manifestName(sn.Group, sn.Time, sn.ID)
	if sn.raw, err = w.store.putDoc(ctx, sn.object, m); err != nil {
		return nil, err
	}
	w.stats.bytesStored.Add(int64(len(sn.raw)))
	return sn, nil
}

// draw makes the snapshot that the draft describes.
func (w *Session) draw(ctx context.Context, d Draft, delay time.Duration) (*Snapshot, error) {
	t, err := w.store.nextTime(ctx, d.Group)
	if err != nil {
		return nil, err
	}
	t = t.Add(delay.Truncate(time.Millisecond))
	sn := &Snapshot{Group: d.Group, Time: t, ID: newID(), Session: w.ID(), Job: d.Job, Mode: d.Mode, ChainBase: t,
		Generation: d.Generation, Origin: d.Origin, Started: d.Started, Finished: w.store.now(), Root: d.Root,
		Complete: d.Complete, Stats: w.Stats(), Details: d.Details}
	sn.Stats.Files, sn.Stats.Dirs, sn.Stats.BytesSource, sn.Stats.BytesRead = d.Files, d.Dirs, d.BytesSource, d.BytesRead
	if sn.Job == "" {
		sn.Job = ManualJob
	}
	if sn.Mode == "" {
		sn.Mode = Full
	}
	if sn.Generation == 0 {
		sn.Generation = 1
		if d.Parent != nil {
			sn.Generation, sn.Origin = d.Parent.Generation, d.Parent.Origin
		}
	}
	if d.Parent != nil && sn.Mode == Incremental {
		sn.Parent, sn.ChainBase = d.Parent.Time, d.Parent.ChainBase
	}
	return sn, nil
}

// nextTime returns the time of a group's next snapshot: now, but never before the newest there is.
func (s *Store) nextTime(ctx context.Context, g Group) (time.Time, error) {
	t := s.now().UTC().Truncate(time.Millisecond)
	newest, err := s.newestTime(ctx, g)
	if err != nil {
		return t, err
	}
	if !t.After(newest) {
		t = newest.Add(time.Millisecond)
	}
	return t, nil
}

// validate asks, after the manifest is stored, whether every pack the snapshot stands on is there to stay. The order
// is that of Store.list: condemned records first, then packs.
func (w *Session) validate(ctx context.Context) (bool, error) {
	l, err := w.store.list(ctx)
	if err != nil {
		return false, fmt.Errorf("validate: %w", err)
	}
	if l.flaw != nil {
		return false, fmt.Errorf("validate: %w", l.flaw)
	}
	ok := true
	for _, name := range w.stands() {
		if _, listed := l.packs[name]; !listed || l.condemned[name] {
			w.store.o.Logger.Info("a pack of the new snapshot is going away, it is made whole again", "pack", name)
			ok = false
		}
	}
	return ok, nil
}

// stands returns the packs the snapshot stands on, its own among them.
func (w *Session) stands() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	names := append([]string(nil), w.own...)
	for n := range w.relied {
		names = append(names, w.store.catalog.pack(n).name)
	}
	return names
}

// withdraw removes a manifest that was not validated. Where nothing may be deleted it stays, unfinished.
func (w *Session) withdraw(ctx context.Context, sn *Snapshot) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), farewell)
	defer cancel()
	if err := w.store.backend.Delete(ctx, sn.object); err != nil {
		return fmt.Errorf("withdraw %s: %w", sn.object, err)
	}
	return nil
}

// promise says of a validated manifest that it is whole, and records it.
func (w *Session) promise(ctx context.Context, sn *Snapshot) error {
	s := w.store
	p := promise{Format: document.Format, Manifest: digest(sn.raw), Time: s.now().UTC()}
	data, err := s.putDoc(ctx, promiseName(sn.object), p)
	if err != nil {
		return err
	}
	w.stats.bytesStored.Add(int64(len(data)))
	sn.Promised = true
	if _, err := backend.ReadAll(ctx, s.backend, sn.object, document.MaxSize); err != nil {
		if errors.Is(err, backend.ErrNotFound) {
			err = fmt.Errorf("%s was removed by somebody else while it was being committed: %w", sn.Address(), ErrNoSnapshot)
			return errors.Join(err, s.backend.Delete(ctx, promiseName(sn.object))) // whoever pruned it came too early for it
		}
		return err
	}
	rec := record{Type: recordCommit, Snapshot: refOf(sn), Manifest: string(sn.raw)}
	n, err := s.record(ctx, rec)
	if err != nil {
		return fmt.Errorf("%s is stored and whole, but not recorded: %w", sn.Address(), err)
	}
	w.stats.bytesStored.Add(n)
	return nil
}

// makeWhole stores again what the snapshot needs and may no longer rely on.
func (w *Session) makeWhole(ctx context.Context, root chunk.ID) error {
	if _, err := w.renew(ctx); err != nil {
		return err
	}
	if err := w.store.refresh(ctx); err != nil {
		return err
	}
	w.mu.Lock()
	w.relied, w.own = map[uint32]struct{}{}, nil // found anew below, own packs among them
	w.mu.Unlock()
	ok, err := w.RelyTree(ctx, root)
	if err == nil && !ok {
		err = ErrCannotStoreAgain
	}
	return err
}

// Stats returns the session's part of a run's figures so far.
func (w *Session) Stats() Stats {
	return Stats{
		Chunks: w.stats.chunks.Load(), ChunksNew: w.stats.chunksNew.Load(), BytesNew: w.stats.bytesNew.Load(),
		BytesNewTrees: w.stats.bytesNewTrees.Load(), BytesStored: w.stats.bytesStored.Load(),
	}
}
