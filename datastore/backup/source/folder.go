package source

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"

	"github.com/heirloom-backup/heirloom/datastore"
)

// FolderOptions say what of a folder is saved. The zero value saves everything.
type FolderOptions struct {
	// Exclude holds patterns as in a .gitignore file at the folder's root; of those that match an entry the last one
	// decides. A "/" at the start or within binds a pattern to the root, one at the end makes it match folders alone,
	// "**" stands for any number of folders, and "!" in front saves what an earlier pattern excluded. An excluded
	// folder is not read, so nothing in it can be saved again. There are no comments: "#" is a letter like others.
	Exclude []string

	// CacheDirTag saves of folders that hold a valid CACHEDIR.TAG (https://bford.info/cachedir/), the root among them,
	// only the folder itself and the tag.
	CacheDirTag bool

	// OneFileSystem saves mount points (and Btrfs subvolumes) as empty folders.
	OneFileSystem bool

	// SkipDirs are folders that are never part of a backup, such as the store itself and its cache. They are known by
	// device and inode, so under any name they have; one that does not exist when the source is opened is ignored.
	SkipDirs []string

	// Excluded, if set, is called with the path, relative to the root, of everything that one of the options above
	// left out: of an entry, or of a folder whose content was left out ("." if it is the root). It may be called
	// concurrently.
	Excluded func(path string)
}

// Folder is a folder of the local file system, with all that is below it.
//
// If path itself is a symlink it is followed; no other symlink is. Names are bytes and need not be UTF-8. A folder or
// file that is replaced by something else while it is being saved is noticed and left alone.
//
// On Linux everything a file has is saved, POSIX ACLs and file capabilities as the extended attributes they are stored
// in. On FreeBSD and macOS ACLs and file flags are not saved, nor are the extended attributes of entries whose path is
// longer than the system allows (1024 bytes). Elsewhere, Windows included, an entry is its name, type, read-only bit,
// modification time, content and symlink target: owners, ACLs, alternate streams, hard links and holes are not known,
// and junctions are reported as entries that cannot be saved.
func Folder(path string, o FolderOptions) Source { return &folder{path, o} }

type folder struct {
	path    string
	options FolderOptions
}

func (f *folder) Open(ctx context.Context) (*Root, error) {
	root, err := f.open(ctx)
	if err != nil {
		return nil, fmt.Errorf("open source %s: %w", f.path, bare(err))
	}
	return root, nil
}

func (f *folder) open(ctx context.Context) (*Root, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	path, err := filepath.Abs(f.path)
	if err != nil {
		return nil, err
	}
	h, err := openHandle(path)
	if err != nil {
		return nil, err
	}
	root, err := f.root(ctx, path, h)
	if err != nil {
		return nil, errors.Join(err, h.close())
	}
	return root, nil
}

// root is the folder at path as a Root.
func (f *folder) root(ctx context.Context, path string, h *handle) (*Root, error) {
	var s status
	if err := h.stat(&s); err != nil {
		return nil, err
	}
	w, err := newWalk(path, f.options, &s)
	if err != nil {
		return nil, err
	}
	if w.skips(&s) {
		return nil, errors.New("it is one of the folders that are never saved, such as the store itself")
	}
	e, err := s.entry(".")
	if err != nil {
		return nil, err
	}
	d := &localDir{walk: w, handle: h, path: path}
	if err := d.Detail(ctx, &e); err != nil {
		return nil, err
	}
	e.Name = baseName(path)
	return &Root{Entry: e, Kind: datastore.Dataset, Dir: d, Paths: []string{path}}, nil
}

// baseName is the last element of an absolute path; the root of a file system has none and is called "root".
func baseName(path string) string {
	if name := filepath.Base(path); validName(name) && name != string(filepath.Separator) {
		return name
	}
	return "root"
}
