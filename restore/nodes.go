package restore

import (
	"context"
	"fmt"
	"iter"

	"github.com/heirloom-backup/heirloom/chunk"
	"github.com/heirloom-backup/heirloom/datastore"
	"github.com/heirloom-backup/heirloom/datastore/tree"
)

// damageFunc is told of damage. It returns nil to go on without what is damaged, or else the error to stop with.
type damageFunc func(d Damage, err error) error

func stopAtDamage(d Damage, err error) error { return &DamageError{Damage: d, Err: err} }

// folderNodes reads the nodes of the folder at path. A damaged one that onDamage goes on without is an empty one.
func folderNodes(r Reader, path string, onDamage damageFunc) tree.Get {
	return func(ctx context.Context, id chunk.ID) (tree.Node, error) {
		n, err := r.Node(ctx, id)
		d, damaged := damageOf(err)
		if !damaged {
			return n, err
		}
		d.Path = path
		if err := onDamage(d, err); err != nil {
			return n, err
		}
		return emptyFolder(ctx)
	}
}

func emptyFolder(ctx context.Context) (n tree.Node, err error) {
	_, err = tree.NewDirBuilder(func(_ context.Context, empty tree.Node) (chunk.ID, error) {
		n = empty
		return chunk.ID{}, nil
	}).Finish(ctx)
	return n, err
}

// extents yields the extents of a file from offset on. A range that a damaged node makes unknown is a hole, if
// onDamage goes on without it.
func extents(ctx context.Context, r Reader, path string, e *tree.Entry, offset int64, onDamage damageFunc) iter.Seq2[tree.Placed, error] {
	return func(yield func(tree.Placed, error) bool) {
		for at := offset; at < e.Size; {
			next, err := someExtents(ctx, r, e, at, yield)
			if err == nil {
				return
			}
			gap, cause := damagedGap(ctx, r, e, next, err)
			if cause != nil {
				yield(tree.Placed{}, fmt.Errorf("read what %q consists of: %w", path, cause))
				return
			}
			gap.Path = path
			if err := onDamage(gap, err); err != nil {
				yield(tree.Placed{}, err)
				return
			}
			if !yield(tree.Placed{Extent: tree.Extent{Length: gap.Length}, Offset: gap.Offset}, nil) {
				return
			}
			at = gap.Offset + gap.Length
		}
	}
}

// someExtents yields extents from at on, as far as they can be read, and returns where they end.
func someExtents(ctx context.Context, r Reader, e *tree.Entry, at int64, yield func(tree.Placed, error) bool) (int64, error) {
	for x, err := range tree.Extents(ctx, r.Node, e, at) {
		if err != nil {
			return at, err
		}
		if !yield(x, nil) {
			return at, nil
		}
		at = x.Offset + x.Length
	}
	return at, nil
}

// damagedGap finds how far the range reaches that begins at offset and cannot be read because of cause. Extents skips
// what lies before an offset unread, so the end is where reading works again: a binary search finds it.
func damagedGap(ctx context.Context, r Reader, e *tree.Entry, offset int64, cause error) (Damage, error) {
	d, damaged := damageOf(cause)
	if !damaged || offset >= e.Size {
		return Damage{}, cause
	}
	bad, good := offset, e.Size
	for good-bad > 1 {
		mid := bad + (good-bad)/2
		switch ok, err := readable(ctx, r, e, mid); {
		case err != nil:
			return Damage{}, err
		case ok:
			good = mid
		default:
			bad = mid
		}
	}
	d.Offset, d.Length = offset, good-offset
	return d, nil
}

// readable says whether the extent at offset can be read. An error is one that is not damage.
func readable(ctx context.Context, r Reader, e *tree.Entry, offset int64) (bool, error) {
	for _, err := range tree.Extents(ctx, r.Node, e, offset) {
		if _, damaged := damageOf(err); damaged {
			return false, nil
		}
		return err == nil, err
	}
	return false, nil
}

// checkExtent refuses an extent that no chunk can fill, before anybody spends memory or disk on it.
func checkExtent(x tree.Extent) error {
	if x.Hole() || x.Length <= chunk.MaxSize {
		return nil
	}
	detail := fmt.Sprintf("the snapshot says that it holds %d bytes, more than any chunk", x.Length)
	return &datastore.ChunkError{ID: x.ID, Reason: datastore.Corrupt, Detail: detail}
}
