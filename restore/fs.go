package restore

import (
	"cmp"
	"context"
	"errors"
	"io/fs"
	"slices"

	"github.com/heirloom-backup/heirloom/chunk"
	"github.com/heirloom-backup/heirloom/datastore/tree"
)

// FS is a snapshot as a file system: an fs.FS that is a ReadDirFS, a StatFS and a ReadLinkFS, too, and is safe for
// concurrent use. Its files are io.ReaderAt and io.Seeker. Names are written as Escape does, and a backslash as %5C,
// so that each is valid. Sys of a FileInfo is the *tree.Entry. Symlinks are followed as long as they stay inside the
// snapshot. A snapshot that is a file or an image is a folder with just that.
type FS struct {
	ctx  context.Context
	r    Reader
	root tree.Entry
	only *tree.Entry // not nil: what is in root, which is no folder of the snapshot
}

// Open opens a snapshot. The methods of io/fs take no context, so the file system keeps this one: its methods fail
// when ctx is done. There is nothing to close.
func Open(ctx context.Context, r Reader, root chunk.ID) (*FS, error) {
	e, err := tree.Root(ctx, r.Node, root)
	if err != nil {
		return nil, err
	}
	if e.Type == tree.Dir {
		return &FS{ctx: ctx, r: r, root: e}, nil
	}
	return &FS{ctx: ctx, r: r, root: tree.Entry{Name: ".", Type: tree.Dir, Mode: 0o555, ModTime: e.ModTime}, only: &e}, nil
}

// Open implements fs.FS.
func (f *FS) Open(name string) (fs.File, error) {
	e, err := f.resolve(name, true)
	if err != nil {
		return nil, pathError("open", name, err)
	}
	switch e.Type {
	case tree.Dir:
		return newOpenDir(f, name, e), nil
	case tree.File:
		return newOpenFile(f, name, e, e)
	}
	return newOpenFile(f, name, e, tree.Entry{Type: tree.File}) // of FIFOs and devices only the metadata are here
}

// Stat implements fs.StatFS.
func (f *FS) Stat(name string) (fs.FileInfo, error) {
	e, err := f.resolve(name, true)
	if err != nil {
		return nil, pathError("stat", name, err)
	}
	return infoOf(name, e), nil
}

// Lstat implements fs.ReadLinkFS.
func (f *FS) Lstat(name string) (fs.FileInfo, error) {
	e, err := f.resolve(name, false)
	if err != nil {
		return nil, pathError("lstat", name, err)
	}
	return infoOf(name, e), nil
}

// ReadLink implements fs.ReadLinkFS. The target is as the snapshot has it, not escaped.
func (f *FS) ReadLink(name string) (string, error) {
	e, err := f.resolve(name, false)
	if err == nil && e.Type != tree.Symlink {
		err = fs.ErrInvalid
	}
	if err != nil {
		return "", pathError("readlink", name, err)
	}
	return e.Target, nil
}

// ReadDir implements fs.ReadDirFS.
func (f *FS) ReadDir(name string) ([]fs.DirEntry, error) {
	d, err := f.Open(name)
	if err != nil {
		return nil, err
	}
	defer d.Close()
	dir, ok := d.(*openDir)
	if !ok {
		return nil, pathError("readdir", name, errors.New("not a folder"))
	}
	list, err := dir.ReadDir(-1)
	slices.SortFunc(list, func(a, b fs.DirEntry) int { return cmp.Compare(a.Name(), b.Name()) })
	return list, err
}

func pathError(op, name string, err error) error {
	return &fs.PathError{Op: op, Path: name, Err: err}
}
