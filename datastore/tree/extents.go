package tree

import (
	"context"
	"fmt"
	"iter"

	"github.com/heirloom-backup/heirloom/chunk"
)

// Extents yields a file's extents in order, those from the one that holds offset on, each with the offset it begins
// at (bytes). The error is the last thing yielded; it also says when the extents do not add up to the file's size.
func Extents(ctx context.Context, get Get, e *Entry, offset int64) iter.Seq2[Placed, error] {
	return func(yield func(Placed, error) bool) {
		w := extentWalk{get: get, size: e.Size, from: offset, yield: yield}
		err := w.file(ctx, e)
		if err == nil && !w.stopped && w.at != e.Size {
			err = fmt.Errorf("%w: extents hold %d bytes of a file of %d", ErrFormat, w.at, e.Size)
		}
		if err != nil && !w.stopped {
			yield(Placed{}, err)
		}
	}
}

// Placed is an extent and where in its file it begins.
type Placed struct {
	Extent
	Offset int64 // bytes
}

type extentWalk struct {
	get     Get
	size    int64 // of the file: what would exceed it is not yielded
	from    int64
	at      int64
	yield   func(Placed, error) bool
	stopped bool
}

func (w *extentWalk) file(ctx context.Context, e *Entry) error {
	if !e.Tree.IsZero() {
		return w.node(ctx, e.Tree, maxDepth)
	}
	return w.extents(e.Extents)
}

func (w *extentWalk) extents(list []Extent) error {
	for _, x := range list {
		if x.Length > w.size-w.at {
			return fmt.Errorf("%w: extents hold more than the %d bytes of their file", ErrFormat, w.size)
		}
		p := Placed{Extent: x, Offset: w.at}
		w.at += x.Length
		if w.at > w.from && !w.yield(p, nil) {
			w.stopped = true
			return nil
		}
	}
	return nil
}

func (w *extentWalk) node(ctx context.Context, id chunk.ID, depth int) error {
	d, k, n, err := fetch(ctx, w.get, id, depth)
	if err != nil {
		return err
	}
	switch k {
	case kindFile:
		list := d.extents(n)
		if err := d.finish(); err != nil {
			return fmt.Errorf("node %s: %w", id, err)
		}
		return w.extents(list)
	case kindFileIndex:
		return w.index(ctx, d, n, id, depth)
	}
	return fmt.Errorf("node %s: %w: it is of a folder, not of a file", id, ErrFormat)
}

// index descends into the children that hold bytes from w.from on and skips the others unread.
func (w *extentWalk) index(ctx context.Context, d *decoder, n int, id chunk.ID, depth int) error {
	children, err := d.fileIndex(n, id)
	if err != nil {
		return err
	}
	for _, c := range children {
		if c.total > w.size-w.at {
			return fmt.Errorf("node %s: %w: it holds more than the %d bytes of its file", id, ErrFormat, w.size)
		}
		end := w.at + c.total
		if end <= w.from {
			w.at = end
			continue
		}
		if err := w.node(ctx, c.id, depth-1); err != nil || w.stopped {
			return err
		}
		if w.at != end {
			return fmt.Errorf("node %s: %w: its end is at %d, not at %d as the node above says", c.id, ErrFormat, w.at, end)
		}
	}
	return nil
}

// fileIndex decodes the children of a file index. None is empty, so that a walk gets ahead with each.
func (d *decoder) fileIndex(n int, id chunk.ID) ([]child, error) {
	list := make([]child, n)
	for i := range list {
		list[i] = child{total: int64(d.Uvarint("length", maxSize)), id: d.tree()}
		if list[i].total == 0 {
			d.Fail("a child is empty")
		}
	}
	if err := d.finish(); err != nil {
		return nil, fmt.Errorf("node %s: %w", id, err)
	}
	return list, nil
}
