package tree

import (
	"context"
	"fmt"

	"github.com/cespare/xxhash/v2"

	"github.com/heirloom-backup/heirloom/chunk"
)

// DirBuilder makes the nodes of one folder. It is not safe for concurrent use.
type DirBuilder struct {
	seq  sequence
	last string
	buf  []byte
}

// NewDirBuilder returns a builder that stores its nodes through put.
func NewDirBuilder(put Put) *DirBuilder {
	return &DirBuilder{seq: sequence{put: put, leaf: kindDir, index: kindDirIndex}}
}

// Add appends an entry. Entries come in byte order of their names; a folder's Tree and a file's Extents or Tree are set.
func (b *DirBuilder) Add(ctx context.Context, e *Entry) error {
	if err := e.check(); err != nil {
		return fmt.Errorf("add entry %q: %w", e.Name, err)
	}
	if e.Name <= b.last {
		return fmt.Errorf("add entry %q after %q: names must come in byte order, each once", e.Name, b.last)
	}
	b.last = e.Name
	b.buf = appendEntry(b.buf[:0], e)
	it := item{body: b.buf, refs: e.refs(), hash: xxhash.Sum64String(e.Name)}
	return b.seq.add(ctx, 0, it, child{first: e.Name})
}

// Finish stores what is left and returns the folder's node. An empty folder has one, too.
func (b *DirBuilder) Finish(ctx context.Context) (chunk.ID, error) { return b.seq.finish(ctx) }

// refs returns what the entry needs.
func (e *Entry) refs() (r Refs) {
	if !e.Tree.IsZero() {
		r.Trees = []chunk.ID{e.Tree}
		return r
	}
	for _, x := range e.Extents {
		if !x.Hole() {
			r.Contents = append(r.Contents, x.ID)
		}
	}
	return r
}

// PutRoot stores a snapshot's root node, which holds just e: the folder, image or stream that was saved.
func PutRoot(ctx context.Context, put Put, e *Entry) (chunk.ID, error) {
	b := NewDirBuilder(put)
	if err := b.Add(ctx, e); err != nil {
		return chunk.ID{}, fmt.Errorf("root: %w", err)
	}
	return b.Finish(ctx)
}
