package datastore

import (
	"context"
	"errors"
	"fmt"
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
	sn, err := w.commit(ctx, d.Root, func(ctx context.Context) (*Snapshot, error) { return w.putManifest(ctx, d) })
	if err != nil {
		return fail(err)
	}
	return sn, nil
}

// commit attempts until the snapshot, whose manifest put stores under another name each time, has passed.
func (w *Session) commit(ctx context.Context, root chunk.ID, put putManifest) (*Snapshot, error) {
	defer w.setAnew(nil)
	for range maxValidations {
		sn, err := w.attempt(ctx, put)
		if err != nil || sn != nil {
			return sn, err
		}
		if err := w.makeWhole(ctx, root); err != nil {
			return nil, err
		}
	}
	return nil, fmt.Errorf("its packs were collected %d times in a row: %w", maxValidations, ErrCannotStoreAgain)
}

// putManifest stores a manifest under a name that was never used.
type putManifest func(ctx context.Context) (*Snapshot, error)

// attempt stores everything, then the manifest, validates it, and promises it. It returns nil if the validation says
// that a pack is going away; the manifest is withdrawn then.
func (w *Session) attempt(ctx context.Context, put putManifest) (*Snapshot, error) {
	if err := w.flush(ctx); err != nil {
		return nil, err
	}
	sn, err := put(ctx)
	if err != nil {
		return nil, err
	}
	ok, err := w.validate(ctx)
	if err != nil || !ok {
		w.withdraw(ctx, sn)
		return nil, err
	}
	// From here on the snapshot is whole. A caller who changes his mind now would be told that there is none.
	ctx, cancel := outlast(ctx)
	defer cancel()
	return sn, w.promise(ctx, sn)
}

// outlast returns a context that ends only some time after ctx does. Storage that is slow has all the time it needs as
// long as nobody has cancelled.
func outlast(ctx context.Context) (context.Context, context.CancelFunc) {
	longer, cancel := context.WithCancel(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, func() { time.AfterFunc(farewell, cancel) })
	return longer, func() { stop(); cancel() }
}

// flush makes all that was put durable: packs first, then the index segments that name them.
func (w *Session) flush(ctx context.Context) error {
	if err := w.packer.Flush(); err != nil {
		return err
	}
	return w.flushSegment(ctx)
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
	rec := record{Type: recordCommit, Snapshot: refOf(sn), Manifest: string(sn.raw), Replaces: sn.replaces}
	n, _, err := s.record(ctx, rec)
	if err != nil {
		return fmt.Errorf("%s is stored and whole, but not recorded: %w", sn.Address(), err)
	}
	w.stats.bytesStored.Add(n)
	return nil
}

// Stats returns the session's part of a run's figures so far.
func (w *Session) Stats() Stats {
	return Stats{
		Chunks: w.stats.chunks.Load(), ChunksNew: w.stats.chunksNew.Load(), BytesNew: w.stats.bytesNew.Load(),
		BytesNewTrees: w.stats.bytesNewTrees.Load(), BytesStored: w.stats.bytesStored.Load(),
	}
}
