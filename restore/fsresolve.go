package restore

import (
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"strings"

	"github.com/heirloom-backup/heirloom/datastore/tree"
)

// maxHops is how many symlinks are followed in one path, as on Linux.
const maxHops = 40

// resolve returns the entry with an escaped name. Symlinks on the way to it are followed, and the entry itself if last.
func (f *FS) resolve(name string, last bool) (tree.Entry, error) {
	if !fs.ValidPath(name) {
		return tree.Entry{}, fs.ErrInvalid
	}
	raw := Unescape(name)
	if escapeBackslash(raw) != name {
		return tree.Entry{}, fs.ErrNotExist // a name has one spelling only
	}
	at := []tree.Entry{f.root} // the way from the root
	for todo, hops := split(raw), 0; len(todo) > 0; {
		part := todo[0]
		todo = todo[1:]
		if part == "" || part == "." {
			continue
		}
		if part == ".." {
			if at = at[:len(at)-1]; len(at) == 0 {
				return tree.Entry{}, errOutside
			}
			continue
		}
		e, err := f.child(&at[len(at)-1], part)
		if err != nil {
			return tree.Entry{}, err
		}
		if e.Type != tree.Symlink || len(todo) == 0 && !last {
			at = append(at, e)
			continue
		}
		if hops++; hops > maxHops {
			return tree.Entry{}, errors.New("too many symlinks")
		}
		if strings.HasPrefix(e.Target, "/") {
			return tree.Entry{}, errOutside
		}
		todo = append(strings.Split(e.Target, "/"), todo...)
	}
	return at[len(at)-1], nil
}

var errOutside = fmt.Errorf("a symlink leads out of the snapshot: %w", fs.ErrNotExist)

func (f *FS) child(dir *tree.Entry, name string) (tree.Entry, error) {
	switch {
	case dir.Type != tree.Dir:
		return tree.Entry{}, fs.ErrNotExist
	case f.only != nil && f.only.Name == name:
		return *f.only, nil
	case f.only != nil:
		return tree.Entry{}, fs.ErrNotExist
	}
	e, found, err := tree.Find(f.ctx, f.r.Node, dir.Tree, name)
	if err == nil && !found {
		err = fs.ErrNotExist
	}
	return e, err
}

// entries yields what is in a folder.
func (f *FS) entries(dir *tree.Entry) iter.Seq2[tree.Entry, error] {
	if f.only != nil {
		return func(yield func(tree.Entry, error) bool) { yield(*f.only, nil) }
	}
	return tree.Entries(f.ctx, f.r.Node, dir.Tree)
}

// escapeBackslash is Escape that also writes a backslash as %5C, because some programs take it for a slash.
func escapeBackslash(name string) string { return strings.ReplaceAll(Escape(name), `\`, "%5C") }
