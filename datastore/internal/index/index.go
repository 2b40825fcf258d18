// Package index finds chunks: which pack holds an ID, in which frame, where.
//
// A Table is an immutable file of places sorted by ID. A lookup costs a look at a filter in memory and, when that does
// not rule the ID out, one read of a 4 KiB block whose number an array in memory gives. So memory is about two bytes a
// chunk, several processes share the files without locks, and losing one costs the time to make it again.
//
// Tables are made from pack trailers (Build) and from each other (Merge). They are a cache in the program's own
// format: every part is checksummed, and a table that does not open is thrown away.
package index

import (
	"cmp"
	"encoding/binary"
	"errors"
	"slices"

	"github.com/cespare/xxhash/v2"

	"github.com/heirloom-backup/heirloom/chunk"
	"github.com/heirloom-backup/heirloom/datastore/internal/pack"
)

// ErrDamaged says that a table's bytes are not what was written.
var ErrDamaged = errors.New("index table damaged")

// Pack is a pack that a table knows.
type Pack struct {
	Name   string
	Size   int64 // bytes
	Kind   pack.Kind
	Slots  [][]byte
	Writer string
}

// Place is where one copy of a chunk lies.
type Place struct {
	Pack   uint32 // number in Table.Packs
	Frame  uint32 // number for Table.Frame
	Offset uint32 // in the frame's plain bytes
	Length uint32
	Refs   uint32 // offset of a node's refs in the frame's refs
}

// Entry is an ID and its place.
type Entry struct {
	ID chunk.ID
	Place
}

const (
	entrySize  = chunk.IDSize + 5*4
	blockSize  = 4096
	perBlock   = (blockSize - 8) / entrySize
	frameSize  = 80
	footerSize = 64
	magic      = "HLTABL01"
)

func appendEntry(dst []byte, e *Entry) []byte {
	dst = append(dst, e.ID[:]...)
	for _, v := range [...]uint32{e.Pack, e.Frame, e.Offset, e.Length, e.Refs} {
		dst = binary.LittleEndian.AppendUint32(dst, v)
	}
	return dst
}

func decodeEntry(p []byte) (e Entry) {
	copy(e.ID[:], p)
	e.Place = decodePlace(p)
	return e
}

func decodePlace(p []byte) Place {
	u32 := func(i int) uint32 { return binary.LittleEndian.Uint32(p[chunk.IDSize+4*i:]) }
	return Place{Pack: u32(0), Frame: u32(1), Offset: u32(2), Length: u32(3), Refs: u32(4)}
}

// frame is a frame's record: all of it but the chunks.
type frame struct {
	pack uint32
	pack.Frame
}

func (f *frame) append(dst []byte) []byte {
	start := len(dst)
	for _, v := range [...]uint32{f.pack, f.Offset, f.Stored, f.Plain, f.Nonce, f.RefsOffset, f.Refs} {
		dst = binary.LittleEndian.AppendUint32(dst, v)
	}
	dst = binary.LittleEndian.AppendUint16(dst, uint16(f.Slot))
	dst = append(dst, byte(f.Compression), 0)
	dst = binary.LittleEndian.AppendUint64(dst, f.Sum)
	dst = append(dst, f.RefsSum[:]...)
	return binary.LittleEndian.AppendUint64(dst, xxhash.Sum64(dst[start:]))
}

func decodeFrame(p []byte) (f frame, ok bool) {
	if xxhash.Sum64(p[:frameSize-8]) != binary.LittleEndian.Uint64(p[frameSize-8:]) {
		return f, false
	}
	u32 := func(i int) uint32 { return binary.LittleEndian.Uint32(p[4*i:]) }
	f.pack, f.Offset, f.Stored, f.Plain, f.Nonce, f.RefsOffset, f.Refs = u32(0), u32(1), u32(2), u32(3), u32(4), u32(5), u32(6)
	f.Slot, f.Compression = uint32(binary.LittleEndian.Uint16(p[28:])), chunk.Compression(p[30])
	f.Sum = binary.LittleEndian.Uint64(p[32:])
	copy(f.RefsSum[:], p[40:])
	return f, true
}

// prefix is the part of an ID that the array of blocks keeps.
func prefix(id *chunk.ID) uint64 { return binary.BigEndian.Uint64(id[:]) }

// sortEntries sorts by ID; copies of one chunk stay in the order in which their packs were given. That order is also one
// of their places, so that the faster of the sort functions will do, which is not stable.
func sortEntries(list []Entry) {
	slices.SortFunc(list, func(a, b Entry) int {
		if x, y := prefix(&a.ID), prefix(&b.ID); x != y {
			return cmp.Compare(x, y)
		}
		return cmp.Or(a.ID.Compare(b.ID), cmp.Compare(a.Pack, b.Pack), cmp.Compare(a.Frame, b.Frame),
			cmp.Compare(a.Offset, b.Offset), cmp.Compare(a.Refs, b.Refs))
	})
}
