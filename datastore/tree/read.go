package tree

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/heirloom-backup/heirloom/chunk"
)

// maxDepth bounds the levels of nodes of one folder or file, leaves included; six hold more than any file system does.
const maxDepth = 16

// Root reads a snapshot's root entry.
func Root(ctx context.Context, get Get, id chunk.ID) (Entry, error) {
	var root Entry
	count := 0
	for e, err := range Entries(ctx, get, id) {
		if err != nil {
			return Entry{}, fmt.Errorf("read root: %w", err)
		}
		root = e
		if count++; count > 1 {
			break
		}
	}
	if count != 1 {
		return Entry{}, fmt.Errorf("read root %s: %w: it must hold exactly one entry", id, ErrFormat)
	}
	return root, nil
}

// Entries yields the entries of a folder in byte order of their names. Names are checked: none is empty, ".", ".." or
// contains a slash, and each is greater than the one before. The error is the last thing yielded.
func Entries(ctx context.Context, get Get, dir chunk.ID) iter.Seq2[Entry, error] {
	return func(yield func(Entry, error) bool) {
		w := dirWalk{get: get, yield: yield}
		if err := w.node(ctx, child{id: dir}, maxDepth); err != nil && !w.stopped {
			yield(Entry{}, err)
		}
	}
}

type dirWalk struct {
	get     Get
	last    string // the name yielded last
	yield   func(Entry, error) bool
	stopped bool
}

// node yields the entries below c, whose first name, unless it is the folder's own node, must be the one that c says:
// then no node is empty or comes twice, and Find arrives where this walk does.
func (w *dirWalk) node(ctx context.Context, c child, depth int) error {
	d, k, n, err := fetch(ctx, w.get, c.id, depth)
	if err != nil {
		return err
	}
	switch k {
	case kindDir:
		return w.entries(d, n, c)
	case kindDirIndex:
		return w.index(ctx, d, n, c, depth)
	}
	return fmt.Errorf("node %s: %w: it is of a file, not of a folder", c.id, ErrFormat)
}

func (w *dirWalk) entries(d *decoder, n int, c child) error {
	list, err := d.dir(n, c.id)
	if err != nil {
		return err
	}
	if c.first != "" && (n == 0 || list[0].Name != c.first) {
		return fmt.Errorf("node %s: %w: it does not begin with %q as the node above says", c.id, ErrFormat, c.first)
	}
	for _, e := range list {
		if e.Name <= w.last {
			return fmt.Errorf("node %s: %w: entry %q comes after %q", c.id, ErrFormat, e.Name, w.last)
		}
		w.last = e.Name
		if !w.yield(e, nil) {
			w.stopped = true
			return nil
		}
	}
	return nil
}

func (w *dirWalk) index(ctx context.Context, d *decoder, n int, c child, depth int) error {
	children, err := d.dirIndex(n, c.id)
	if err != nil {
		return err
	}
	if c.first != "" && children[0].first != c.first {
		return fmt.Errorf("node %s: %w: it does not begin with %q as the node above says", c.id, ErrFormat, c.first)
	}
	for _, below := range children {
		if err := w.node(ctx, below, depth-1); err != nil || w.stopped {
			return err
		}
	}
	return nil
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

// dir decodes a whole directory node, so that a damaged one yields nothing.
func (d *decoder) dir(n int, id chunk.ID) ([]Entry, error) {
	list := make([]Entry, n)
	last := ""
	for i := range list {
		list[i] = d.entry()
		d.name(list[i].Name, last)
		last = list[i].Name
	}
	if err := d.finish(); err != nil {
		return nil, fmt.Errorf("node %s: %w", id, err)
	}
	return list, nil
}

func (d *decoder) dirIndex(n int, id chunk.ID) ([]child, error) {
	list := make([]child, n)
	last := ""
	for i := range list {
		list[i] = child{first: string(d.Bytes("name", maxName)), id: d.tree()}
		d.name(list[i].first, last)
		last = list[i].first
	}
	if err := d.finish(); err != nil {
		return nil, fmt.Errorf("node %s: %w", id, err)
	}
	return list, nil
}

// name fails unless name is possible and comes after last.
func (d *decoder) name(name, last string) {
	if !possibleName(name) {
		d.Fail("%q is not a possible name", name)
	}
	if name <= last {
		d.Fail("%q comes after %q", name, last)
	}
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

func (d *decoder) find(n int, id chunk.ID, name string) (Entry, bool, error) {
	list, err := d.dir(n, id)
	if err != nil {
		return Entry{}, false, err
	}
	i, ok := slices.BinarySearchFunc(list, name, func(e Entry, name string) int { return strings.Compare(e.Name, name) })
	if !ok {
		return Entry{}, false, nil
	}
	return list[i], true, nil
}
