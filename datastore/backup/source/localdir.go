package source

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"slices"

	"github.com/heirloom-backup/heirloom/datastore/tree"
)

// localDir is a folder of the local file system. What it does goes through the open folder and one name, not through a
// path: so paths may be longer than the system allows, and nobody can move the walk elsewhere by exchanging a folder.
// The attributes of BSDs are the exception.
type localDir struct {
	walk   *walk
	handle *handle
	path   string   // absolute; for messages
	names  []string // of the folders from the root to here; only kept if there are patterns to match
	closed bool     // a mount point that is not entered
}

func (d *localDir) Entries(ctx context.Context) iter.Seq2[tree.Entry, error] {
	return func(yield func(tree.Entry, error) bool) {
		names, readErr := d.list()
		m := d.matcher()
		for _, name := range names {
			if err := ctx.Err(); err != nil {
				yield(tree.Entry{}, err)
				return
			}
			e, err := d.entry(name, m)
			if errors.Is(err, errLeftOut) {
				d.report(name)
				continue
			}
			if !yield(e, err) {
				return
			}
		}
		if err := errors.Join(ctx.Err(), readErr); err != nil {
			yield(tree.Entry{}, err)
		}
	}
}

// list returns the names to save in byte order: with an error, those that could be read.
func (d *localDir) list() ([]string, error) {
	if d.closed {
		return nil, nil
	}
	names, err := d.handle.names()
	if err != nil {
		err = pathError("read folder", d.path, err)
	}
	slices.Sort(names)
	if d.walk.options.CacheDirTag && d.isCache(names) {
		d.report("")
		names = []string{cacheTag}
	}
	return names, err
}

// errLeftOut says that an entry is not to be saved.
var errLeftOut = errors.New("left out")

// entry asks for the metadata of an entry. It fails with an *EntryError or, if there is nothing to save, errLeftOut.
func (d *localDir) entry(name string, m *matcher) (tree.Entry, error) {
	var s status
	if err := d.handle.lstat(name, &s); err != nil {
		// Where not even the type can be known, it must not matter: the user has excluded it to hear no more of it.
		if m.excludes(name, true) && m.excludes(name, false) {
			return tree.Entry{}, errLeftOut
		}
		return tree.Entry{}, &EntryError{name, fmt.Errorf("lstat: %w", bare(err))}
	}
	if m.excludes(name, s.isDir()) || s.isDir() && d.walk.skips(&s) {
		return tree.Entry{}, errLeftOut
	}
	e, err := s.entry(name)
	if err != nil {
		return tree.Entry{}, &EntryError{name, err}
	}
	return e, nil
}

func (d *localDir) Detail(_ context.Context, e *tree.Entry) error {
	var linkErr, attrErr error
	path := d.join(e.Name)
	if e.Type == tree.Symlink {
		if e.Target, linkErr = d.handle.readlink(e.Name); linkErr != nil {
			linkErr = pathError("readlink", path, linkErr)
		}
	}
	if e.Xattrs, attrErr = d.handle.attributes(e.Name, path); attrErr != nil {
		attrErr = pathError("read attributes", path, attrErr)
	}
	return errors.Join(linkErr, attrErr)
}

func (d *localDir) OpenDir(ctx context.Context, name string) (Dir, error) {
	sub, err := d.openDir(ctx, name)
	if err != nil {
		return nil, pathError("open", d.join(name), err)
	}
	return sub, nil
}

func (d *localDir) openDir(ctx context.Context, name string) (*localDir, error) {
	if err := check(ctx, name); err != nil {
		return nil, err
	}
	h, err := d.handle.folder(name)
	if err != nil {
		return nil, err
	}
	sub := &localDir{walk: d.walk, handle: h, path: d.join(name)}
	if len(d.walk.exclude) > 0 {
		sub.names = append(slices.Clip(d.names), name)
	}
	if !d.walk.options.OneFileSystem {
		return sub, nil
	}
	var s status
	if err := h.stat(&s); err != nil {
		return nil, errors.Join(err, h.close())
	}
	if sub.closed = s.fileSystem() != d.walk.fileSystem; sub.closed {
		sub.report("")
	}
	return sub, nil
}

func (d *localDir) OpenFile(ctx context.Context, name string) (File, error) {
	if err := check(ctx, name); err != nil {
		return nil, pathError("open", d.join(name), err)
	}
	f, err := d.handle.file(name, d.path)
	if err != nil {
		return nil, pathError("open", d.join(name), err)
	}
	return f, nil
}

func (d *localDir) Close() error {
	if err := d.handle.close(); err != nil {
		return pathError("close", d.path, err)
	}
	return nil
}

func (d *localDir) join(name string) string { return joinPath(d.path, name) }

// joinPath is a plain concatenation: filepath.Join would clean the path anew for every entry.
func joinPath(folder, name string) string {
	if folder != "" && os.IsPathSeparator(folder[len(folder)-1]) {
		return folder + name
	}
	return folder + string(filepath.Separator) + name
}

// report tells whoever wants to know that an entry was left out, or for name "" the folder's content.
func (d *localDir) report(name string) {
	tell := d.walk.options.Excluded
	if tell == nil {
		return
	}
	path := d.path
	if name != "" {
		path = d.join(name)
	}
	relative, err := filepath.Rel(d.walk.root, path)
	if err != nil {
		relative = path
	}
	tell(filepath.ToSlash(relative))
}

// check refuses an operation on a name that no entry can have.
func check(ctx context.Context, name string) error {
	if !validName(name) {
		return fs.ErrInvalid
	}
	return ctx.Err()
}
