package source

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"path"
	"slices"

	"github.com/heirloom-backup/heirloom/datastore"
	"github.com/heirloom-backup/heirloom/datastore/tree"
)

// FS is any fs.FS, saved as a folder called name: type, permissions, modification time and content of what is in it.
// Symlinks are saved if fsys implements fs.ReadLinkFS; without it, and for devices, Entries yields an *EntryError.
//
// The methods of fsys are called concurrently.
func FS(name string, fsys fs.FS) Source { return &fsSource{name, fsys} }

type fsSource struct {
	name string
	fsys fs.FS
}

func (s *fsSource) Open(ctx context.Context) (*Root, error) {
	root, err := s.open(ctx)
	if err != nil {
		return nil, fmt.Errorf("open source %q: %w", s.name, err)
	}
	return root, nil
}

func (s *fsSource) open(ctx context.Context) (*Root, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if !validName(s.name) {
		return nil, errors.New("this cannot be the name of a folder")
	}
	info, err := fs.Stat(s.fsys, ".")
	if err != nil {
		return nil, err
	}
	e, err := entryOf(s.name, info)
	if err != nil {
		return nil, err
	}
	if e.Type != tree.Dir {
		return nil, fmt.Errorf("its root is a %v and not a folder", e.Type)
	}
	return &Root{Entry: e, Kind: datastore.Dataset, Dir: &fsDir{s.fsys, "."}}, nil
}

// fsDir is a folder of an fs.FS. There is nothing to keep open.
type fsDir struct {
	fsys fs.FS
	path string
}

func (d *fsDir) Entries(ctx context.Context) iter.Seq2[tree.Entry, error] {
	return func(yield func(tree.Entry, error) bool) {
		list, readErr := fs.ReadDir(d.fsys, d.path)
		slices.SortFunc(list, func(a, b fs.DirEntry) int { return cmp.Compare(a.Name(), b.Name()) })
		for _, item := range list {
			if err := ctx.Err(); err != nil {
				yield(tree.Entry{}, err)
				return
			}
			if !yield(d.entry(item)) {
				return
			}
		}
		if err := errors.Join(ctx.Err(), readErr); err != nil {
			yield(tree.Entry{}, err)
		}
	}
}

// entry asks for the metadata of an entry; it fails with an *EntryError.
func (d *fsDir) entry(item fs.DirEntry) (tree.Entry, error) {
	e, err := d.ask(item)
	if err != nil {
		return tree.Entry{}, &EntryError{item.Name(), err}
	}
	return e, nil
}

func (d *fsDir) ask(item fs.DirEntry) (tree.Entry, error) {
	if !validName(item.Name()) {
		return tree.Entry{}, errors.New("this cannot be the name of an entry")
	}
	info, err := item.Info()
	if err != nil {
		return tree.Entry{}, err
	}
	e, err := entryOf(item.Name(), info)
	if _, can := d.fsys.(fs.ReadLinkFS); err == nil && e.Type == tree.Symlink && !can {
		err = fmt.Errorf("read symlink: %w", errors.ErrUnsupported)
	}
	return e, err
}

func (d *fsDir) Detail(_ context.Context, e *tree.Entry) (err error) {
	if e.Type == tree.Symlink {
		e.Target, err = fs.ReadLink(d.fsys, path.Join(d.path, e.Name))
	}
	return err
}

func (d *fsDir) OpenDir(ctx context.Context, name string) (Dir, error) {
	sub := path.Join(d.path, name)
	if err := check(ctx, name); err != nil {
		return nil, pathError("open", sub, err)
	}
	info, err := fs.Lstat(d.fsys, sub)
	if err != nil {
		return nil, err
	}
	if !info.IsDir() {
		return nil, pathError("open", sub, ErrReplaced)
	}
	return &fsDir{d.fsys, sub}, nil
}

func (d *fsDir) OpenFile(ctx context.Context, name string) (File, error) {
	file := path.Join(d.path, name)
	if err := check(ctx, name); err != nil {
		return nil, pathError("open", file, err)
	}
	f, err := d.fsys.Open(file)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = pathError("open", file, ErrReplaced)
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return &fsFile{f, name}, nil
}

func (d *fsDir) Close() error { return nil }

type fsFile struct {
	file fs.File
	name string
}

func (f *fsFile) Read(p []byte) (int, error) { return f.file.Read(p) }

func (f *fsFile) Stat() (tree.Entry, error) {
	info, err := f.file.Stat()
	if err != nil {
		return tree.Entry{}, err
	}
	return entryOf(f.name, info)
}

func (f *fsFile) Close() error { return f.file.Close() }
