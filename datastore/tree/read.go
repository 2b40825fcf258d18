package tree

import (
	"context"
	"fmt"
	"iter"

	"github.com/heirloom-backup/heirloom/chunk"
)

// maxDepth bounds the index levels above one folder or file; five levels hold more than any file system does.
const maxDepth = 16

// Root reads a snapshot's root entry.
func Root(ctx context.Context, get Get, id chunk.ID) (Entry, error) {
	var root []Entry
	for e, err := range Entries(ctx, get, id) {
		if err != nil {
			return Entry{}, fmt.Errorf("read root: %w", err)
		}
		root = append(root, e)
	}
	if len(root) != 1 {
		return Entry{}, fmt.Errorf("read root %s: %w: %d entries instead of one", id, ErrFormat, len(root))
	}
	return root[0], nil
}

// Entries yields the entries of a folder in byte order of their names. Names are checked: none is empty, ".", ".." or
// contains a slash, and each is greater than the one before. The error is the last thing yielded.
func Entries(ctx context.Context, get Get, dir chunk.ID) iter.Seq2[Entry, error] {
	return func(yield func(Entry, error) bool) {
		last, stopped := "", false
		err := walkDir(ctx, get, dir, maxDepth, func(e Entry) (bool, error) {
			if err := checkName(e.Name); err != nil {
				return false, err
			}
			if e.Name <= last {
				return false, fmt.Errorf("%w: entry %q comes after %q", ErrFormat, e.Name, last)
			}
			last = e.Name
			stopped = !yield(e, nil)
			return !stopped, nil
		})
		if err != nil && !stopped {
			yield(Entry{}, err)
		}
	}
}

// walkDir calls fn for each entry below a directory node until it returns false.
func walkDir(ctx context.Context, get Get, id chunk.ID, depth int, fn func(Entry) (bool, error)) error {
	d, k, n, err := fetch(ctx, get, id, depth)
	if err != nil {
		return err
	}
	switch k {
	case kindDir:
		return d.eachEntry(n, id, fn)
	case kindDirIndex:
		children, err := d.dirIndex(n, id)
		if err != nil {
			return err
		}
		for _, c := range children {
			more := true
			err := walkDir(ctx, get, c.id, depth-1, func(e Entry) (ok bool, err error) {
				more, err = fn(e)
				return more, err
			})
			if err != nil || !more {
				return err
			}
		}
		return nil
	}
	return fmt.Errorf("node %s: %w: it is of a file, not of a folder", id, ErrFormat)
}

// fetch reads a node and opens it.
func fetch(ctx context.Context, get Get, id chunk.ID, depth int) (*decoder, kind, int, error) {
	if depth == 0 {
		return nil, 0, 0, fmt.Errorf("node %s: %w: more than %d levels", id, ErrFormat, maxDepth)
	}
	n, err := get(ctx, id)
	if err != nil {
		return nil, 0, 0, err
	}
	d, k, count := openNode(n)
	if d.Err() != nil {
		return nil, 0, 0, fmt.Errorf("node %s: %w: %w", id, ErrFormat, d.Err())
	}
	return d, k, count, nil
}

// eachEntry decodes the whole node before fn sees any of it: a damaged node yields nothing.
func (d *decoder) eachEntry(n int, id chunk.ID, fn func(Entry) (bool, error)) error {
	list := make([]Entry, n)
	for i := range list {
		list[i] = d.entry()
	}
	if err := d.finish(); err != nil {
		return fmt.Errorf("node %s: %w", id, err)
	}
	for _, e := range list {
		if more, err := fn(e); err != nil || !more {
			return err
		}
	}
	return nil
}

func (d *decoder) dirIndex(n int, id chunk.ID) ([]child, error) {
	list := make([]child, n)
	for i := range list {
		list[i] = child{first: string(d.Bytes("name", maxName)), id: d.tree()}
	}
	if err := d.finish(); err != nil {
		return nil, fmt.Errorf("node %s: %w", id, err)
	}
	return list, nil
}

// Find reads the entry with the given name from a folder. It reads one node a level. The second result is false if
// the folder has no such entry.
func Find(ctx context.Context, get Get, dir chunk.ID, name string) (Entry, bool, error) {
	for depth := maxDepth; ; depth-- {
		d, k, n, err := fetch(ctx, get, dir, depth)
		if err != nil {
			return Entry{}, false, err
		}
		if k == kindDir {
			return d.find(n, dir, name)
		}
		if k != kindDirIndex {
			return Entry{}, false, fmt.Errorf("node %s: %w: it is of a file, not of a folder", dir, ErrFormat)
		}
		children, err := d.dirIndex(n, dir)
		if err != nil {
			return Entry{}, false, err
		}
		dir = childFor(children, name)
		if dir.IsZero() {
			return Entry{}, false, nil
		}
	}
}

// childFor returns the child below which name would be.
func childFor(children []child, name string) (id chunk.ID) {
	for _, c := range children {
		if c.first > name {
			break
		}
		id = c.id
	}
	return id
}

func (d *decoder) find(n int, id chunk.ID, name string) (found Entry, ok bool, err error) {
	err = d.eachEntry(n, id, func(e Entry) (bool, error) {
		if e.Name == name {
			found, ok = e, true
		}
		return !ok, nil
	})
	return found, ok, err
}
