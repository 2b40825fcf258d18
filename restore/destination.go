package restore

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/heirloom-backup/heirloom/chunk"
	"github.com/heirloom-backup/heirloom/datastore/tree"
)

// Tree restores the snapshot with the given root, or what is at Options.Path in it, to dest.
//
// A folder becomes dest, which must be absent or an empty folder unless Options.Overwrite is set; missing folders
// above it are made. Anything else, such as a file or a disk image, is restored into dest under its own name if dest
// is a folder or ends with a slash, and else becomes dest itself. With Options.Overwrite dest may be a block device,
// too, which a file is then written to.
//
// What stands in the way and whether there is enough space is found out before anything is written (ErrNotEmpty,
// ErrConflict, ErrNoSpace). A chunk that cannot be had is a *DamageError, unless Options.Salvage is set. The result
// is never nil; with an error it says how far the restore got. A restore whose Result.DamageCount is not zero has no
// error, and yet is not all of the snapshot.
func Tree(ctx context.Context, r Reader, root chunk.ID, dest string, o Options) (*Result, error) {
	n := newRun(r, o)
	err := n.to(ctx, root, dest)
	if ctx.Err() != nil && errors.Is(err, ctx.Err()) {
		err = context.Cause(ctx) // wherever it was noticed
	}
	if err != nil {
		err = fmt.Errorf("restore to %q: %w", dest, err)
	}
	return n.report.finish(n.progress), err
}

func (r *run) to(ctx context.Context, root chunk.ID, dest string) error {
	e, err := Lookup(ctx, r.reader, root, r.o.Path)
	if err != nil {
		return err
	}
	d, err := r.inspect(dest, &e)
	if err != nil {
		return err
	}
	if err := r.preflight(ctx, d, &e); err != nil {
		return err
	}
	if d.device {
		return r.toDevice(ctx, dest, &e)
	}
	if err := r.open(d, &e); err != nil {
		return err
	}
	top, err := r.top.root.Open(".") // now: the mode it gets may not allow it later
	if err != nil {
		return errors.Join(err, r.top.release())
	}
	defer top.Close()
	if !r.o.NoSync {
		r.writeback = startWriteback(func() error { return syncAll(top) })
	}
	if err := r.restore(ctx, d.name, &e); err != nil {
		return errors.Join(err, r.writeback.end())
	}
	return r.writeback.finish()
}

// destination is where an entry goes.
type destination struct {
	folder string
	name   string // in folder; ".": folder itself
	exists bool   // the folder does
	device bool
}

// inspect finds out what dest is and whether it may be written to. It changes nothing.
func (r *run) inspect(dest string, e *tree.Entry) (destination, error) {
	if dest == "" {
		return destination{}, errors.New("no destination is named")
	}
	st, err := os.Stat(dest)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return destination{}, err
	}
	exists := err == nil
	folder := filepath.Clean(dest) // without the slash that says it is to be one
	into := exists && st.IsDir() || os.IsPathSeparator(dest[len(dest)-1])
	switch {
	case e.Type == tree.Dir && exists && !st.IsDir():
		return destination{}, fmt.Errorf("%w: it is a file, the snapshot has a folder", ErrConflict)
	case e.Type == tree.Dir:
		return destination{folder: folder, name: ".", exists: exists}, r.mayFill(dest, exists)
	case into:
		return destination{folder: folder, name: e.Name, exists: exists}, r.mayFill(dest, exists)
	case exists && !r.o.Overwrite:
		return destination{}, fmt.Errorf("it exists: %w", ErrNotEmpty)
	}
	d := destination{folder: filepath.Dir(dest), name: filepath.Base(dest)}
	d.device = exists && e.Type == tree.File && st.Mode().Type() == fs.ModeDevice
	_, err = os.Stat(d.folder)
	d.exists = err == nil
	return d, nil
}

// mayFill says whether a folder is absent, empty or to be overwritten.
func (r *run) mayFill(folder string, exists bool) error {
	if !exists || r.o.Overwrite {
		return nil
	}
	list, err := os.Open(folder)
	if err != nil {
		return err
	}
	defer list.Close()
	if names, _ := list.Readdirnames(1); len(names) > 0 {
		return fmt.Errorf("it holds %q: %w", names[0], ErrNotEmpty)
	}
	return nil
}

// open makes the destination's folder if there is none, and opens it as r.top.
func (r *run) open(d destination, e *tree.Entry) error {
	if !d.exists {
		if err := makeAbsent(d.folder); err != nil {
			return err
		}
	}
	root, err := os.OpenRoot(d.folder)
	if err != nil {
		return err
	}
	if d.name == "." {
		r.top = r.newFolder(nil, e, r.pathOf(e), root)
		r.top.openUp()
	} else {
		r.top = r.newFolder(nil, nil, ".", root)
		r.top.only = r.pathOf(e)
	}
	return nil
}

// pathOf returns the path of e, which is what Options.Path asks for.
func (r *run) pathOf(e *tree.Entry) string {
	if path := clean(r.o.Path); path != "." || e.Type == tree.Dir {
		return path
	}
	return e.Name
}

// makeAbsent makes a folder that only the user can enter until it has its metadata, and those above it.
func makeAbsent(folder string) error {
	if err := os.MkdirAll(filepath.Dir(folder), 0o777); err != nil {
		return err
	}
	return os.Mkdir(folder, 0o700)
}
