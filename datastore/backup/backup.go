// Package backup is the write path: it saves a source as a snapshot of a store.
//
// Run walks the source with several goroutines, reads what the parent snapshot does not hold unchanged, cuts it into
// chunks and puts them into a session of the store, which names, looks up, compresses, seals and packs them. Memory is
// a fixed number of buffers: it grows neither with the number of files nor with their size.
package backup

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/heirloom-backup/heirloom/chunk"
	"github.com/heirloom-backup/heirloom/datastore"
	"github.com/heirloom-backup/heirloom/datastore/backup/source"
	"github.com/heirloom-backup/heirloom/datastore/tree"
)

// Options say how a backup runs. The zero value is an incremental backup by hand, named after its source.
type Options struct {
	Group   datastore.Group   // of the snapshot; Kind "" = the source's, Name "" = the name of the source's root
	Job     string            // "" = datastore.ManualJob
	Mode    datastore.Mode    // "" = datastore.Incremental
	Tags    map[string]string // recorded, sealed
	Host    string            // recorded, sealed
	Readers int               // files read at the same time; 0 = 8
	DryRun  bool              // reads and looks up everything, stores nothing

	// Level is how hard is compressed; nil: chunk.Balanced for folders, whose many small files are what compresses best
	// and what reading is slow at, and chunk.Fastest for images and streams.
	Level *chunk.Level

	Progress *Progress // nil = nobody looks
}

func (o Options) withDefaults(root *source.Root) Options {
	if o.Group.Kind == "" {
		o.Group.Kind = root.Kind
	}
	if o.Group.Name == "" {
		o.Group.Name = root.Entry.Name
	}
	if o.Mode == "" {
		o.Mode = datastore.Incremental
	}
	if o.Readers <= 0 {
		o.Readers = 8
	}
	if o.Level == nil {
		o.Level = new(defaultLevel(root))
	}
	if o.Progress == nil {
		o.Progress = &Progress{}
	}
	return o
}

func defaultLevel(root *source.Root) chunk.Level {
	if root.Dir != nil {
		return chunk.Balanced
	}
	return chunk.Fastest
}

// Result is what a run did.
type Result struct {
	Snapshot *datastore.Snapshot // nil after a dry run
	Mode     datastore.Mode
	Parent   *datastore.Snapshot // whose metadata was used; nil in mode full and for the first
	Complete bool                // nothing was skipped
	Stats    datastore.Stats
	Duration time.Duration
	Warnings []datastore.Warning // the first datastore.MaxWarnings
	Skipped  int64               // how many warnings there were
}

// maxRuns is how often a source is read again because chunks it shares with older snapshots were collected meanwhile.
const maxRuns = 3

// Run saves src in store. What cannot be read is a warning, and the snapshot says that it is not complete; an error
// means that there is no snapshot. A run that was interrupted leaves what it stored to the next one.
func Run(ctx context.Context, store *datastore.Store, src source.Source, o Options) (*Result, error) {
	started := store.Now()
	var lost error // why the run before failed
	for n := 1; ; n++ {
		res, err := attempt(ctx, store, src, o, started)
		if lost != nil && errors.Is(err, source.ErrReadOnce) {
			return nil, lost
		}
		if !errors.Is(err, datastore.ErrCannotStoreAgain) || n == maxRuns {
			return res, err
		}
		lost = err
		o.Progress.reset()
	}
}

// attempt is one run over the source.
func attempt(ctx context.Context, store *datastore.Store, src source.Source, o Options, started time.Time) (res *Result, err error) {
	root, err := src.Open(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { res, err = ended(res, err, root.Entry.Name, closeRoot(root)) }()
	o = o.withDefaults(root)
	if err := o.Group.Validate(); err != nil {
		return nil, err
	}
	parent, err := findParent(ctx, store, o)
	if err != nil {
		return nil, err
	}
	w, err := store.Begin(ctx, datastore.SessionOptions{Host: o.Host, Level: *o.Level, DryRun: o.DryRun})
	if err != nil {
		return nil, err
	}
	defer func() { res, err = ended(res, err, "session", w.Close()) }()
	return newRun(store, w, o, parent, started).save(ctx, root)
}

// ended adds a failure to close something to what a run has come to. Where there is a snapshot that is a warning: the
// snapshot is whole.
func ended(res *Result, err error, what string, closing error) (*Result, error) {
	if closing == nil {
		return res, err
	}
	if err != nil || res == nil {
		return res, errors.Join(err, closing)
	}
	res.Skipped++
	res.Warnings = append(res.Warnings, datastore.Warning{Path: what, Reason: "close: " + closing.Error()})
	return res, nil
}

func closeRoot(root *source.Root) error {
	if root.Dir != nil {
		return root.Dir.Close()
	}
	return root.File.Close()
}

// findParent returns the group's latest snapshot if its metadata is to be used.
func findParent(ctx context.Context, store *datastore.Store, o Options) (*datastore.Snapshot, error) {
	if o.Mode != datastore.Incremental {
		return nil, nil
	}
	sn, err := store.Find(ctx, datastore.Address{Group: o.Group})
	if errors.Is(err, datastore.ErrNoSnapshot) || errors.As(err, new(*datastore.ManifestError)) {
		return nil, nil // a damaged parent is no reason not to back up; the run is then like the first
	}
	return sn, err
}

// save reads the root and commits.
func (r *run) save(ctx context.Context, root *source.Root) (*Result, error) {
	id, err := r.root(ctx, root)
	if err != nil {
		return nil, fmt.Errorf("back up %s: %w", r.o.Group, err)
	}
	res := r.result()
	if r.o.DryRun {
		res.Duration = r.store.Now().Sub(r.started)
		return res, nil
	}
	res.Snapshot, err = r.w.Commit(ctx, r.draft(root, id, res))
	if err != nil {
		return nil, err
	}
	res.Stats, res.Duration = r.stats(), r.store.Now().Sub(r.started)
	return res, nil
}

func (r *run) result() *Result {
	warnings, skipped := r.warnings.list()
	return &Result{Mode: r.o.Mode, Parent: r.parent, Complete: skipped == 0, Stats: r.stats(), Warnings: warnings, Skipped: skipped}
}

func (r *run) stats() datastore.Stats {
	s, c := r.w.Stats(), r.o.Progress.Counters()
	s.Files, s.Dirs, s.BytesSource, s.BytesRead = c.Files, c.Dirs, c.Bytes, c.BytesRead
	return s
}

func (r *run) draft(root *source.Root, id chunk.ID, res *Result) datastore.Draft {
	return datastore.Draft{
		Group: r.o.Group, Job: r.o.Job, Mode: r.o.Mode, Parent: r.parent, Started: r.started, Root: id, Complete: res.Complete,
		Files: res.Stats.Files, Dirs: res.Stats.Dirs, BytesSource: res.Stats.BytesSource, BytesRead: res.Stats.BytesRead,
		Details: datastore.Details{Sources: root.Paths, Host: r.o.Host, Tags: r.o.Tags, Warnings: res.Warnings, Skipped: res.Skipped},
	}
}

// root saves the root and stores the node that a snapshot begins with.
func (r *run) root(ctx context.Context, root *source.Root) (chunk.ID, error) {
	stop := r.startReaders(ctx)
	defer stop()
	e, old := root.Entry, r.oldRoot(ctx)
	if root.File != nil {
		if err := r.rootFile(ctx, root.File, &e, old); err != nil {
			return chunk.ID{}, err
		}
		return tree.PutRoot(ctx, r.w.PutNode, &e)
	}
	var oldTree chunk.ID
	if old != nil && old.Type == tree.Dir {
		oldTree = old.Tree
	}
	id, err := r.folder(ctx, root.Dir, "", oldTree)
	if err != nil {
		return chunk.ID{}, err
	}
	e.Type, e.Tree = tree.Dir, id
	return tree.PutRoot(ctx, r.w.PutNode, &e)
}

// oldRoot returns what the parent saved, nil if there is nothing to compare with.
func (r *run) oldRoot(ctx context.Context) *tree.Entry {
	if r.parent == nil {
		return nil
	}
	e, err := tree.Root(ctx, r.store.Node, r.parent.Root)
	if err != nil {
		return nil // everything is read
	}
	return &e
}
