package backup

import (
	"context"
	"errors"
	"fmt"

	"github.com/heirloom-backup/heirloom/chunk"
	"github.com/heirloom-backup/heirloom/datastore/backup/source"
	"github.com/heirloom-backup/heirloom/datastore/tree"
)

// folder is one folder being saved.
type folder struct {
	*run
	dir   source.Dir
	path  string // "" for the root
	old   *previous
	nodes *tree.DirBuilder
	queue []*item // in order; those done at the front go into nodes
	batch *batch  // small files to be read together
	empty bool    // no entry was listed yet
}

// folder saves a folder and returns its node. old is the folder in the parent snapshot, zero if it has none.
func (r *run) folder(ctx context.Context, d source.Dir, path string, old chunk.ID) (chunk.ID, error) {
	f := &folder{run: r, dir: d, path: path, old: r.previous(ctx, old), nodes: tree.NewDirBuilder(r.w.PutNode), empty: true}
	defer f.old.close()
	err := f.entries(ctx)
	err = errors.Join(err, f.drain(ctx, 0)) // also after an error: what is under way refers to the open folder
	if err != nil {
		return chunk.ID{}, err
	}
	r.o.Progress.dirs.Add(1)
	return f.nodes.Finish(ctx)
}

// entries starts the saving of each entry.
func (f *folder) entries(ctx context.Context) error {
	for e, err := range f.dir.Entries(ctx) {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if one := (*source.EntryError)(nil); errors.As(err, &one) {
			f.warn(f.join(one.Name), one.Err)
			continue
		}
		if err != nil && f.path == "" && f.empty {
			return fmt.Errorf("list the root: %w", err) // nothing is known of the source: an error is not an empty folder
		}
		if err != nil {
			f.warn(f.join(""), fmt.Errorf("the rest of the folder is left out: %w", err))
			break
		}
		if err := f.start(ctx, e); err != nil {
			return err
		}
	}
	f.sendBatch()
	return nil
}

func (f *folder) join(name string) string {
	switch {
	case f.path == "" && name == "":
		return "."
	case f.path == "":
		return name
	case name == "":
		return f.path
	}
	return f.path + "/" + name
}

// start begins to save an entry and queues it.
func (f *folder) start(ctx context.Context, e tree.Entry) error {
	f.empty = false
	it := &item{entry: e}
	f.queue = append(f.queue, it)
	old := f.old.find(e.Name)
	switch e.Type {
	case tree.Dir:
		f.subfolder(ctx, it, old)
	case tree.File:
		f.file(ctx, it, old)
	default:
		f.detail(ctx, f.dir, &it.entry, old, f.join(e.Name))
	}
	return f.drain(ctx, windowSize)
}

// drain moves entries from the queue into the node until at most n are left.
func (f *folder) drain(ctx context.Context, n int) error {
	if len(f.queue) > n {
		f.sendBatch() // or it would be waited for and never read
	}
	var errs []error
	for len(f.queue) > n {
		it := f.queue[0]
		f.queue[0], f.queue = nil, f.queue[1:]
		err := it.wait()
		if err == nil && len(errs) == 0 && !it.skip {
			err = f.nodes.Add(ctx, &it.entry)
		}
		if err != nil {
			errs = append(errs, err)
		}
	}
	if len(errs) > 0 {
		return errs[0]
	}
	return nil
}

// subfolder saves a folder below, on a goroutine of its own if there is one free.
func (f *folder) subfolder(ctx context.Context, it *item, old *tree.Entry) {
	select {
	case f.walkers <- struct{}{}:
		it.done = make(chan struct{})
		go func() {
			defer close(it.done)
			f.descend(ctx, it, old)
			<-f.walkers
		}()
	default:
		f.descend(ctx, it, old)
	}
}

func (f *folder) descend(ctx context.Context, it *item, old *tree.Entry) {
	path := f.join(it.entry.Name)
	d, err := f.dir.OpenDir(ctx, it.entry.Name)
	if err != nil {
		// Its metadata is known, so it is saved as an empty folder: less is lost than with none.
		f.warn(path, err)
		it.entry.Tree, it.err = tree.NewDirBuilder(f.w.PutNode).Finish(ctx)
		return
	}
	f.detail(ctx, f.dir, &it.entry, old, path)
	var oldTree chunk.ID
	if old != nil && old.Type == tree.Dir {
		oldTree = old.Tree
	}
	it.entry.Tree, it.err = f.run.folder(ctx, d, path, oldTree)
	if err := d.Close(); err != nil && it.err == nil {
		f.warn(path, err)
	}
}

// detail adds what a stat does not tell, taken over from the parent snapshot if the entry did not change since.
func (r *run) detail(ctx context.Context, d source.Dir, e, old *tree.Entry, path string) {
	if old != nil && old.Type == e.Type && !e.ChangeTime.IsZero() && old.ChangeTime == e.ChangeTime &&
		old.Inode == e.Inode && r.settled(e) {
		e.Xattrs, e.Target = old.Xattrs, old.Target
		return
	}
	if err := d.Detail(ctx, e); err != nil {
		r.warn(path, err)
	}
}
