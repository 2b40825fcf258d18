package restore

import (
	"context"

	"github.com/heirloom-backup/heirloom/chunk"
	"github.com/heirloom-backup/heirloom/datastore/tree"
)

// Limits of a passage.
const (
	maxPassage = 16 << 20 // bytes of data; a passage of one extent may hold more
	maxExtents = 4096
)

// passage is a part of a file that is in memory: its extents, in order, and the bytes of those that are no holes.
type passage struct {
	extents []tree.Placed
	starts  []int // in data, of each extent
	size    int   // of data, bytes
	data    []byte
}

// add adds an extent, unless the passage is full.
func (p *passage) add(x tree.Placed) bool {
	if len(p.extents) == maxExtents || len(p.extents) > 0 && p.size >= maxPassage {
		return false
	}
	p.extents, p.starts = append(p.extents, x), append(p.starts, p.size)
	if !x.Hole() && checkExtent(x.Extent) == nil {
		p.size += int(x.Length)
	}
	return true
}

// fill fetches the data. Extents that cannot be had become holes if onDamage goes on without them; it is called from
// several goroutines.
func (p *passage) fill(ctx context.Context, r Reader, path string, onDamage damageFunc) error {
	p.data = make([]byte, p.size)
	var ids []chunk.ID
	var at []int
	lose := func(i int, cause error) error {
		d, damaged := damageOf(cause)
		if !damaged {
			return cause
		}
		x := &p.extents[i]
		d.Path, d.Offset, d.Length = path, x.Offset, x.Length
		x.ID = chunk.ID{}
		return onDamage(d, cause)
	}
	for i, x := range p.extents {
		if err := checkExtent(x.Extent); err != nil {
			if err := lose(i, err); err != nil {
				return err
			}
		} else if !x.Hole() {
			ids, at = append(ids, x.ID), append(at, i)
		}
	}
	return r.Fetch(ctx, ids, func(i int, data []byte, err error) error {
		if x := p.extents[at[i]]; err == nil && int64(len(data)) != x.Length {
			err = wrongLength(x.Extent, len(data))
		}
		if err != nil {
			return lose(at[i], err)
		}
		copy(p.data[p.starts[at[i]]:], data)
		return nil
	})
}

// bytes returns the data of extent i, nil if it is a hole.
func (p *passage) bytes(i int) []byte {
	x := p.extents[i]
	if x.Hole() {
		return nil
	}
	return p.data[p.starts[i] : p.starts[i]+int(x.Length)]
}

// write writes the passage.
func (p *passage) write(ctx context.Context, to sink, progress *Progress) error {
	for i, x := range p.extents {
		if err := ctx.Err(); err != nil {
			return err
		}
		if x.Hole() {
			if err := to.hole(ctx, x.Length); err != nil {
				return err
			}
			continue
		}
		n, err := to.Write(p.bytes(i))
		progress.bytes.Add(int64(n))
		if err != nil {
			return err
		}
	}
	return nil
}
