// Package pack is the encoding of packs and of index segments: what stands in a trailer, and how a frame becomes
// chunks again. docs/format.md describes every byte.
package pack

import (
	"github.com/heirloom-backup/heirloom/chunk"
	"github.com/heirloom-backup/heirloom/datastore/internal/wire"
)

// ErrDamaged says that bytes of a pack or segment are not what was written.
var ErrDamaged = wire.ErrDamaged

// Kind says what a pack holds.
type Kind uint8

// The kinds of packs. The numbers are part of the store format.
const (
	Content Kind = 1
	Tree    Kind = 2
)

// Limits of what is read, in bytes or items.
const (
	MaxPlain   = 16 << 20
	MaxStored  = MaxPlain + 1<<20
	MaxRefs    = 16 << 20
	MaxTrailer = 64 << 20
	maxSlots   = 4096
	maxItems   = 1 << 20
	maxName    = 128
	maxSlot    = 1024
)

// Trailer describes a pack.
type Trailer struct {
	Kind   Kind
	Name   string   // the pack's id
	Slots  [][]byte // pack keys, sealed to the store's public key
	Frames []Frame
	Writer string // id of who signed it; empty in a store that is not encrypted
}

// Frame is one run of chunks that was compressed and sealed as a whole.
type Frame struct {
	Offset      uint32 // of the stored bytes in the pack
	Stored      uint32 // bytes in the pack
	Plain       uint32 // bytes after opening and decompressing
	Compression chunk.Compression
	Slot        uint32 // 0: not sealed; k+1: sealed with the key in slot k
	Nonce       uint32
	Sum         uint64 // xxHash64 of the stored bytes
	RefsOffset  uint32 // of the refs in the pack
	Refs        uint32 // bytes of all refs: the sum over the chunks
	RefsSum     [32]byte
	Chunks      []Chunk
}

// Chunk is a chunk's name and what it takes in its frame.
type Chunk struct {
	ID     chunk.ID
	Length uint32 // plain bytes; in a tree pack, those of the node's body
	Refs   uint32 // bytes of the node's refs; 0 in content packs
}

// DataSize returns the bytes of frames and refs, which is where the trailer begins.
func (t *Trailer) DataSize() int64 {
	var n int64
	for i := range t.Frames {
		n += int64(t.Frames[i].Stored) + int64(t.Frames[i].Refs)
	}
	return n
}

// Place derives the offsets from the lengths.
func (t *Trailer) Place() {
	var off uint32
	for i := range t.Frames {
		t.Frames[i].Offset = off
		off += t.Frames[i].Stored
	}
	for i := range t.Frames {
		t.Frames[i].RefsOffset = off
		off += t.Frames[i].Refs
	}
}
