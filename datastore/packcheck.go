package datastore

import (
	"context"
	"fmt"

	"github.com/heirloom-backup/heirloom/chunk"
	"github.com/heirloom-backup/heirloom/datastore/internal/pack"
)

// packCheck is one check under way.
type packCheck struct {
	store  *Store
	name   string // of the pack
	report *PackReport
	space  *workspace
}

func (c *packCheck) frame(ctx context.Context, t *pack.Trailer, f *pack.Frame) error {
	plain, refs, err := c.read(ctx, t, f)
	if err != nil && !bad(err) {
		return err
	}
	c.report.Chunks += int64(len(f.Chunks))
	c.report.Bytes += int64(f.Plain) + int64(f.Refs)
	if err != nil {
		for _, ch := range f.Chunks {
			c.bad(ch.ID, verdictOf(err), err)
		}
		return nil
	}
	c.cut(f, plain, refs)
	ids := c.space.name(c.store.namer)
	for i, ch := range f.Chunks {
		if t.Kind == pack.Tree {
			ids[i] = complement(ids[i])
		}
		if ids[i] != ch.ID {
			c.bad(ch.ID, Corrupt, fmt.Errorf("frame at %d: %w: chunk %d is not what its ID says", f.Offset, pack.ErrDamaged, i))
		}
	}
	return nil
}

// read returns a frame's plain bytes and refs.
func (c *packCheck) read(ctx context.Context, t *pack.Trailer, f *pack.Frame) (plain, refs []byte, err error) {
	s := c.store
	stored := c.space.room(int64(f.Stored))
	if err := s.readPack(ctx, t.Name, int64(f.Offset), stored); err != nil {
		return nil, nil, err
	}
	if f.Refs > 0 {
		refs = make([]byte, f.Refs)
		if err := s.readPack(ctx, t.Name, int64(f.RefsOffset), refs); err != nil {
			return nil, nil, err
		}
		if err := f.CheckRefs(refs); err != nil {
			return nil, nil, err
		}
	}
	plain, err = s.decode(c.space, t.Name, t.Slots, f, stored)
	return plain, refs, err
}

// cut divides a frame into the bytes that its chunks' IDs name.
func (c *packCheck) cut(f *pack.Frame, plain, refs []byte) {
	c.space.reset()
	for _, ch := range f.Chunks {
		piece := plain[:ch.Length]
		if ch.Refs > 0 {
			piece = append(append(make([]byte, 0, ch.Refs+ch.Length), refs[:ch.Refs]...), piece...)
		}
		c.space.pieces = append(c.space.pieces, piece)
		plain, refs = plain[ch.Length:], refs[ch.Refs:]
	}
}

func (c *packCheck) bad(id chunk.ID, why Damage, err error) {
	c.report.Bad = append(c.report.Bad, ChunkState{id, why, c.name})
	if c.report.Damage == nil {
		c.report.Damage = err
	}
}
