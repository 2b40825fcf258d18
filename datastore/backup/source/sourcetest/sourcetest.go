// Package sourcetest checks that a source keeps to what package source asks of it.
package sourcetest

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"slices"
	"strings"
	"testing"

	"github.com/heirloom-backup/heirloom/datastore/backup/source"
	"github.com/heirloom-backup/heirloom/datastore/tree"
)

// Run opens src once, looks at everything in it and reports each rule that it breaks. It needs a source that does not
// change meanwhile and in which everything can be read.
func Run(t testing.TB, src source.Source) {
	t.Helper()
	root, err := src.Open(t.Context())
	if err != nil {
		t.Errorf("Open: %v", err)
		return
	}
	r := run{TB: t, ctx: t.Context()}
	r.entry(root.Entry.Name, root.Entry)
	switch {
	case (root.Dir == nil) == (root.File == nil):
		t.Errorf("Open: exactly one of Dir and File is to be set")
	case root.Kind == "":
		t.Errorf("Open: Kind is to be set")
	case root.Dir != nil:
		r.sameType(root.Entry.Name, root.Entry.Type, tree.Dir)
		r.folder(root.Entry.Name, root.Dir)
	default:
		r.sameType(root.Entry.Name, root.Entry.Type, tree.File)
		r.file(root.Entry, root.Entry.Name, root.File)
	}
}

type run struct {
	testing.TB
	ctx context.Context
}

func (r run) sameType(path string, got, want tree.Type) {
	if got != want {
		r.Errorf("%q is a %v, and was said to be a %v", path, got, want)
	}
}

// entry checks what the metadata of any entry must be like.
func (r run) entry(path string, e tree.Entry) {
	if e.Name == "" || e.Name == "." || e.Name == ".." || strings.ContainsAny(e.Name, "/\x00") {
		r.Errorf("%q: no entry can be called %q", path, e.Name)
	}
	if e.Type < tree.File || e.Type > tree.BlockDevice {
		r.Errorf("%q: type %d is none of package tree's", path, e.Type)
	}
	if e.Mode > 0o7777 {
		r.Errorf("%q: mode %#o has more than the permission bits; the type is in Type", path, e.Mode)
	}
	if e.Size < 0 || e.Size > 0 && e.Type != tree.File {
		r.Errorf("%q: a %v cannot have a size of %d bytes", path, e.Type, e.Size)
	}
	if e.Extents != nil || !e.Tree.IsZero() {
		r.Errorf("%q: Extents and Tree are the store's, a source leaves them empty", path)
	}
	if e.Link != 0 && e.Type == tree.Dir {
		r.Errorf("%q: folders have no hard links", path)
	}
}

// folder checks a folder and all below it, and closes it.
func (r run) folder(path string, d source.Dir) {
	entries := r.list(path, d)
	if again := r.list(path, d); !slices.EqualFunc(entries, again, equal) {
		r.Errorf("%q: Entries yields other entries the second time", path)
	}
	for range d.Entries(r.ctx) {
		break // to end a listing early must be possible
	}
	r.cancelled(path, d)
	r.missing(path, d)
	for _, e := range entries {
		r.open(path+"/"+e.Name, d, e)
	}
	if err := d.Close(); err != nil {
		r.Errorf("%q: Close: %v", path, err)
	}
}

// list checks the order of the entries, and each.
func (r run) list(path string, d source.Dir) []tree.Entry {
	var all []tree.Entry
	for e, err := range d.Entries(r.ctx) {
		if err != nil {
			r.Errorf("%q: Entries: %v", path, err)
			continue
		}
		if len(all) > 0 && all[len(all)-1].Name >= e.Name {
			r.Errorf("%q: %q comes after %q: entries come in byte order, each name once", path, e.Name, all[len(all)-1].Name)
		}
		if e.Target != "" || e.Xattrs != nil {
			r.Errorf("%q/%q: Target and Xattrs are for Detail to tell", path, e.Name)
		}
		r.entry(path+"/"+e.Name, e)
		all = append(all, e)
	}
	return all
}

// equal compares entries of a listing, which have no Xattrs.
func equal(a, b tree.Entry) bool {
	return a.Name == b.Name && a.Type == b.Type && a.Mode == b.Mode && a.UID == b.UID && a.GID == b.GID &&
		a.ModTime == b.ModTime && a.ChangeTime == b.ChangeTime && a.Inode == b.Inode && a.Link == b.Link &&
		a.Major == b.Major && a.Minor == b.Minor && a.Size == b.Size
}

func (r run) cancelled(path string, d source.Dir) {
	ctx, cancel := context.WithCancel(r.ctx)
	cancel()
	var last error
	for _, err := range d.Entries(ctx) {
		last = err
	}
	if !errors.Is(last, context.Canceled) {
		r.Errorf("%q: Entries with a cancelled context is to end with its error, not with %v", path, last)
	}
}

func (r run) missing(path string, d source.Dir) {
	const name = "there is no entry of this name"
	if _, err := d.OpenDir(r.ctx, name); !errors.Is(err, fs.ErrNotExist) {
		r.Errorf("%q: OpenDir of a missing name is to fail with fs.ErrNotExist, not with %v", path, err)
	}
	if _, err := d.OpenFile(r.ctx, name); !errors.Is(err, fs.ErrNotExist) {
		r.Errorf("%q: OpenFile of a missing name is to fail with fs.ErrNotExist, not with %v", path, err)
	}
}

// open checks Detail, and what can be opened.
func (r run) open(path string, d source.Dir, e tree.Entry) {
	r.detail(path, d, e)
	switch e.Type {
	case tree.Dir:
		sub, err := d.OpenDir(r.ctx, e.Name)
		if err != nil {
			r.Errorf("%q: OpenDir: %v", path, err)
			return
		}
		r.folder(path, sub)
	case tree.File:
		f, err := d.OpenFile(r.ctx, e.Name)
		if err != nil {
			r.Errorf("%q: OpenFile: %v", path, err)
			return
		}
		r.file(e, path, f)
	}
}

func (r run) detail(path string, d source.Dir, e tree.Entry) {
	full := e
	if err := d.Detail(r.ctx, &full); err != nil {
		r.Errorf("%q: Detail: %v", path, err)
	}
	if !equal(e, full) {
		r.Errorf("%q: Detail changes more than Target and Xattrs", path)
	}
	if (full.Target != "") != (e.Type == tree.Symlink) {
		r.Errorf("%q: a %v with the target %q", path, e.Type, full.Target)
	}
	if !slices.IsSortedFunc(full.Xattrs, func(a, b tree.Xattr) int { return strings.Compare(a.Name, b.Name) }) {
		r.Errorf("%q: Xattrs are to be in order of their names", path)
	}
}

// file reads a file to its end and closes it.
func (r run) file(e tree.Entry, path string, f source.File) {
	data, err := io.ReadAll(f)
	if err != nil {
		r.Errorf("%q: Read: %v", path, err)
	}
	now, err := f.Stat()
	switch {
	case err != nil:
		r.Errorf("%q: Stat: %v", path, err)
	case now.Type == 0: // cannot tell
	case !equal(now, e):
		r.Errorf("%q: Stat does not agree with Entries: %+v, %+v", path, now, e)
	case now.Size != int64(len(data)):
		r.Errorf("%q: Read gave %d bytes, the size is %d", path, len(data), now.Size)
	}
	if s, ok := f.(source.Sparse); ok {
		r.holes(path, s, data)
	}
	if err := f.Close(); err != nil {
		r.Errorf("%q: Close: %v", path, err)
	}
}
