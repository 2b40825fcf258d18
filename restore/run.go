package restore

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"github.com/heirloom-backup/heirloom/chunk"
	"github.com/heirloom-backup/heirloom/datastore/tree"
)

// run is one restore. One goroutine walks the snapshot, makes folders and files and collects the chunks they need in
// windows; another fetches one window while the next is being filled.
type run struct {
	reader   Reader
	o        Options
	progress *Progress
	report   report
	links    links
	top      *folder      // the destination
	folders  atomic.Int64 // open

	maxFolders int64 // what the limits of that name come to here
	maxLarge   int

	window    *window      // being filled
	windows   chan *window // to be fetched; nil is a barrier
	spare     chan *window // to be filled again
	writeback *writeback   // nil: not asked for
	failed    *window      // the one at which fetching failed
	current   *file        // that the walk is in
}

func newRun(r Reader, o Options) *run {
	n := &run{reader: r, o: o, progress: o.Progress}
	if n.progress == nil {
		n.progress = &Progress{}
	}
	n.maxFolders = min(maxFolders, max(16, openLimit()/8)) // each may take two descriptors
	n.maxLarge = int(min(maxLarge, max(16, openLimit()/16)))
	n.links.made = make(map[uint64]*linked)
	n.windows = make(chan *window)
	n.spare = make(chan *window, 2)
	n.spare <- newWindow()
	n.window = newWindow()
	return n
}

// restore restores e, called name, into the destination r.top. For a folder to become r.top itself, name is ".".
func (r *run) restore(ctx context.Context, name string, e *tree.Entry) error {
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { return r.fetch(ctx) })
	g.Go(func() error {
		defer close(r.windows)
		if err := r.walk(ctx, r.top, name, e); err != nil {
			return err
		}
		return r.flush(ctx)
	})
	err := g.Wait()
	if err != nil {
		err = errors.Join(err, r.abandon())
	}
	return errors.Join(err, r.top.release())
}

// abandon removes all files that are not whole.
func (r *run) abandon() error {
	err := errors.Join(r.window.abandon(), r.current.abandon())
	if r.failed != nil {
		err = errors.Join(err, r.failed.abandon())
	}
	r.links.abandon()
	return err
}

// onDamage lists damage, or makes it the restore's failure.
func (r *run) onDamage(d Damage, err error) error {
	if !r.o.Salvage {
		return stopAtDamage(d, err)
	}
	r.report.damage(d)
	return nil
}

// syncNow brings f to stable storage on systems where that cannot be done for all files in the end.
func (r *run) syncNow(f *os.File) error {
	if r.o.NoSync || !syncsEach {
		return nil
	}
	return f.Sync()
}

func (r *run) walk(ctx context.Context, at *folder, name string, e *tree.Entry) error {
	if name == "." {
		return r.entries(ctx, at, e.Tree, 0)
	}
	named := *e
	named.Name = name
	return r.entry(ctx, at, &named, 0)
}

// entries restores what is in the folder whose node is dir.
func (r *run) entries(ctx context.Context, at *folder, dir chunk.ID, depth int) error {
	if depth == maxDepth {
		return tooDeep(at.path)
	}
	for e, err := range tree.Entries(ctx, folderNodes(r.reader, at.path, r.onDamage), dir) {
		if err == nil {
			err = ctx.Err()
		}
		if d, damaged := damageOf(err); damaged {
			d.Path = at.path
			return r.onDamage(d, err)
		}
		if err != nil {
			return folderError(at.path, err)
		}
		if err := r.entry(ctx, at, &e, depth); err != nil {
			return err
		}
	}
	return nil
}

func (r *run) entry(ctx context.Context, at *folder, e *tree.Entry, depth int) (err error) {
	switch e.Type {
	case tree.Dir:
		return r.folder(ctx, at, e, depth)
	case tree.File:
		err = r.linkOr(at, e, func() error { return r.file(ctx, at, e) })
	default:
		err = r.linkOr(at, e, func() error { return r.special(at, e) })
	}
	if err != nil {
		return at.fail(at.pathOf(e.Name), err)
	}
	return r.flushFull(ctx)
}

func (r *run) folder(ctx context.Context, at *folder, e *tree.Entry, depth int) error {
	if r.folders.Load() >= r.maxFolders {
		if err := r.drain(ctx); err != nil {
			return err
		}
	}
	f, err := r.makeFolder(at, e)
	if err != nil {
		return at.fail(at.pathOf(e.Name), err)
	}
	err = r.entries(ctx, f, e.Tree, depth+1)
	return errors.Join(err, f.release())
}

// makeFolder makes or, when overwriting, opens a folder. A new one is its owner's alone until it has its metadata.
func (r *run) makeFolder(at *folder, e *tree.Entry) (*folder, error) {
	err := at.root.Mkdir(e.Name, 0o700)
	existed := r.o.Overwrite && errors.Is(err, fs.ErrExist)
	if err != nil && !existed {
		return nil, err
	}
	root, err := openInside(at.root, e.Name)
	if err != nil {
		return nil, fmt.Errorf("open the folder: %w", err)
	}
	f := r.newFolder(at, e, at.pathOf(e.Name), root)
	if existed {
		f.openUp()
	}
	return f, nil
}
