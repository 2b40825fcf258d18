package datastore

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/heirloom-backup/heirloom/datastore/internal/index"
	"github.com/heirloom-backup/heirloom/datastore/internal/pack"
)

// want is a chunk to be read: its index in the caller's list, and the place to read it from.
type want struct {
	index int
	loc   location
}

// span is a range of a pack that is read at once, and the frames in it that are wanted.
type span struct {
	pack   *index.Pack
	offset int64
	length int64
	frames []plannedFrame
}

// plannedFrame is a frame and what is wanted from it.
type plannedFrame struct {
	pack.Frame
	wants []want
}

const (
	maxSpan = 4 << 20   // bytes read at once, unless one frame is larger
	maxGap  = 128 << 10 // bytes between two frames that are read along rather than asked for apart
)

// plan sorts wants by where they lie and joins what lies together. The boolean is false if a frame cannot be found.
func (s *Store) plan(wants []want) ([]span, bool) {
	slices.SortFunc(wants, func(a, b want) int {
		return cmp.Or(cmp.Compare(a.loc.pack, b.loc.pack), cmp.Compare(a.loc.place.Frame, b.loc.place.Frame),
			cmp.Compare(a.loc.place.Offset, b.loc.place.Offset))
	})
	var spans []span
	for len(wants) > 0 {
		n := 1
		for n < len(wants) && wants[n].loc.table == wants[0].loc.table && wants[n].loc.place.Frame == wants[0].loc.place.Frame {
			n++
		}
		f, p, err := s.catalog.frame(wants[0].loc)
		if err != nil {
			return nil, false
		}
		spans = addFrame(spans, p, plannedFrame{f, wants[:n:n]})
		wants = wants[n:]
	}
	return spans, true
}

// addFrame adds a frame to the last span if it lies close enough behind it.
func addFrame(spans []span, p *index.Pack, f plannedFrame) []span {
	start, end := int64(f.Offset), int64(f.Offset)+int64(f.Stored)
	if len(spans) > 0 {
		last := &spans[len(spans)-1]
		gap := start - (last.offset + last.length)
		if last.pack == p && gap >= 0 && gap <= maxGap && end-last.offset <= maxSpan {
			last.length = end - last.offset
			last.frames = append(last.frames, f)
			return spans
		}
	}
	return append(spans, span{p, start, int64(f.Stored), []plannedFrame{f}})
}

// piece returns a chunk's bytes in its decoded frame, unless decoding failed with err.
func (f *plannedFrame) piece(plain []byte, w want, err error) ([]byte, error) {
	if err != nil {
		return nil, err
	}
	start, end := int(w.loc.place.Offset), int(w.loc.place.Offset)+int(w.loc.place.Length)
	if end > len(plain) {
		return nil, fmt.Errorf("frame at %d: %w: %d bytes, a chunk would end at %d", f.Offset, pack.ErrDamaged, len(plain), end)
	}
	return plain[start:end], nil
}

// decode checks, opens and decompresses a frame.
func (s *Store) decode(w *workspace, name string, slots [][]byte, f *pack.Frame, stored []byte) ([]byte, error) {
	if err := f.Check(stored); err != nil {
		return nil, err
	}
	sealer, err := s.sealer(name, slots, f)
	if err != nil {
		return nil, err
	}
	return f.Decode(&w.scratch, s.codec, sealer, stored)
}
