package tree

import (
	"context"
	"encoding/binary"
	"fmt"
	"math"

	"github.com/cespare/xxhash/v2"

	"github.com/heirloom-backup/heirloom/chunk"
)

// maxInline is the number of extents that a file's entry holds itself; a file with more gets nodes of its own.
const maxInline = 16

// FileBuilder collects the extents of one file, in order. Its memory does not grow with the file. It is not safe for
// concurrent use.
type FileBuilder struct {
	seq     sequence
	inline  []Extent
	size    int64
	hole    int64 // length of a hole not yet added, so that neighbouring holes become one
	spilled bool
}

// NewFileBuilder returns a builder that stores nodes, should it need any, through put.
func NewFileBuilder(put Put) *FileBuilder {
	return &FileBuilder{seq: sequence{put: put, leaf: kindFile, index: kindFileIndex}}
}

// Add appends an extent.
func (b *FileBuilder) Add(ctx context.Context, x Extent) error {
	if x.Length <= 0 {
		return fmt.Errorf("add extent of %d bytes: the length must be positive", x.Length)
	}
	if x.Length > math.MaxInt64-b.size {
		return fmt.Errorf("add extent of %d bytes at %d: a file cannot be that large", x.Length, b.size)
	}
	b.size += x.Length
	if x.Hole() {
		b.hole += x.Length
		return nil
	}
	if err := b.flushHole(ctx); err != nil {
		return err
	}
	return b.append(ctx, x)
}

// Finish stores what is left and sets Size, Extents and Tree of e.
func (b *FileBuilder) Finish(ctx context.Context, e *Entry) error {
	if err := b.flushHole(ctx); err != nil {
		return err
	}
	e.Size, e.Extents, e.Tree = b.size, b.inline, chunk.ID{}
	if !b.spilled {
		return nil
	}
	id, err := b.seq.finish(ctx)
	e.Tree, e.Extents = id, nil
	return err
}

func (b *FileBuilder) flushHole(ctx context.Context) error {
	if b.hole == 0 {
		return nil
	}
	x := Extent{Length: b.hole}
	b.hole = 0
	return b.append(ctx, x)
}

func (b *FileBuilder) append(ctx context.Context, x Extent) error {
	if !b.spilled && len(b.inline) < maxInline {
		b.inline = append(b.inline, x)
		return nil
	}
	for _, y := range b.inline {
		if err := b.spill(ctx, y); err != nil {
			return err
		}
	}
	b.inline, b.spilled = nil, true
	return b.spill(ctx, x)
}

func (b *FileBuilder) spill(ctx context.Context, x Extent) error {
	it := item{body: appendExtent(nil, x), hash: xxhash.Sum64(x.ID[:])}
	if !x.Hole() {
		it.refs.Contents = append(it.refs.Contents, x.ID)
	} else {
		it.hash = 1 // a hole ends no node: all holes would, or none
	}
	return b.seq.add(ctx, 0, it, child{total: x.Length})
}

func appendTotal(dst []byte, total int64) []byte { return binary.AppendUvarint(dst, uint64(total)) }
