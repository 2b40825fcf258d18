package restore

import (
	"context"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"github.com/heirloom-backup/heirloom/chunk"
	"github.com/heirloom-backup/heirloom/datastore/tree"
)

// Lookup returns the entry at a slash-separated path of raw names, relative to the snapshot's root; "" and "." are the
// root itself. Where the root is a file, as in a snapshot of a disk image, its own name is a path, too. A path that is
// not there is ErrNotFound, naming the part that is missing. Symlinks are not followed.
func Lookup(ctx context.Context, r Reader, root chunk.ID, name string) (tree.Entry, error) {
	e, err := tree.Root(ctx, r.Node, root)
	if err != nil {
		return tree.Entry{}, err
	}
	parts := split(name)
	if e.Type != tree.Dir && len(parts) == 1 && parts[0] == e.Name {
		return e, nil
	}
	for i, part := range parts {
		at := strings.Join(parts[:i], "/")
		if e, err = find(ctx, r, &e, part, at); err != nil {
			return tree.Entry{}, err
		}
	}
	return e, nil
}

// find returns the entry part of the folder dir, which is at the path at.
func find(ctx context.Context, r Reader, dir *tree.Entry, part, at string) (tree.Entry, error) {
	if dir.Type != tree.Dir {
		return tree.Entry{}, &notFoundError{fmt.Sprintf("%q is no folder but a %s, so there is no %q in it", at, dir.Type, part)}
	}
	e, found, err := tree.Find(ctx, r.Node, dir.Tree, part)
	if err != nil {
		return tree.Entry{}, folderError(at, err)
	}
	if !found {
		return tree.Entry{}, &notFoundError{fmt.Sprintf("%q has no %q", path.Join("/", at), part)}
	}
	return e, nil
}

// split returns the names that a path consists of.
func split(name string) []string {
	name = strings.Trim(name, "/")
	if name == "" || name == "." {
		return nil
	}
	return strings.Split(name, "/")
}

// folderError says which folder could not be read.
func folderError(at string, err error) error {
	if d, damaged := damageOf(err); damaged {
		d.Path = at
		return &DamageError{Damage: d, Err: err}
	}
	return fmt.Errorf("read folder %q of the snapshot: %w", at, err)
}

type notFoundError struct{ what string }

func (e *notFoundError) Error() string { return fmt.Sprintf("%s: %v", e.what, ErrNotFound) }

func (e *notFoundError) Is(target error) bool {
	return target == ErrNotFound || target == fs.ErrNotExist
}
