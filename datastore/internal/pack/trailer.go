package pack

import (
	"encoding/binary"
	"fmt"
	"math"

	"github.com/heirloom-backup/heirloom/chunk"
	"github.com/heirloom-backup/heirloom/datastore/internal/sign"
	"github.com/heirloom-backup/heirloom/datastore/internal/wire"
)

const (
	version     = 1
	signContext = "heirloom trailer v1\n"
	minFrame    = 14 // bytes of the shortest frame, one of no chunks in a content pack
	minChunk    = chunk.IDSize + 1
	maxPack     = math.MaxUint32
)

// Append encodes the trailer, signs it with key and appends it to dst.
func (t *Trailer) Append(dst []byte, key *sign.Key) []byte {
	start := len(dst)
	dst = append(dst, version, byte(t.Kind))
	dst = wire.AppendBytes(dst, t.Name)
	dst = binary.AppendUvarint(dst, uint64(len(t.Slots)))
	for _, slot := range t.Slots {
		dst = wire.AppendBytes(dst, slot)
	}
	dst = binary.AppendUvarint(dst, uint64(len(t.Frames)))
	for i := range t.Frames {
		dst = t.Frames[i].append(dst, t.Kind)
	}
	dst = wire.AppendBytes(dst, key.Writer())
	return append(dst, key.Sign(signContext, dst[start:])...)
}

func (f *Frame) append(dst []byte, kind Kind) []byte {
	dst = binary.AppendUvarint(dst, uint64(f.Stored))
	dst = binary.AppendUvarint(dst, uint64(f.Plain))
	dst = append(dst, byte(f.Compression))
	dst = binary.AppendUvarint(dst, uint64(f.Slot))
	dst = binary.AppendUvarint(dst, uint64(f.Nonce))
	dst = binary.LittleEndian.AppendUint64(dst, f.Sum)
	if kind == Tree {
		dst = append(dst, f.RefsSum[:]...)
	}
	dst = binary.AppendUvarint(dst, uint64(len(f.Chunks)))
	for i := range f.Chunks {
		dst = append(dst, f.Chunks[i].ID[:]...)
		dst = binary.AppendUvarint(dst, uint64(f.Chunks[i].Length))
		if kind == Tree {
			dst = binary.AppendUvarint(dst, uint64(f.Chunks[i].Refs))
		}
	}
	return dst
}

// DecodeTrailer reads a trailer and has its signature checked.
func DecodeTrailer(data []byte, writers sign.Writers) (*Trailer, error) {
	r := wire.NewReader(data)
	t := &Trailer{}
	if got := r.U8("version"); r.Err() == nil && got != version {
		return nil, fmt.Errorf("pack trailer: %w: version %d, this program knows %d", ErrDamaged, got, version)
	}
	t.Kind = Kind(r.U8("kind"))
	if t.Kind != Content && t.Kind != Tree {
		r.Fail("kind %d is unknown", t.Kind)
	}
	t.Name = string(r.Bytes("name", maxName))
	t.Slots = make([][]byte, r.Count("number of slots", maxSlots, 1))
	for i := range t.Slots {
		t.Slots[i] = r.Bytes("slot", maxSlot)
	}
	t.decodeFrames(r)
	t.Writer = string(r.Bytes("writer", maxName))
	message, signature := data[:r.Offset()], []byte(nil)
	if t.Writer != "" {
		signature = r.Take("signature", 64)
	}
	if err := r.End(); err != nil {
		return nil, fmt.Errorf("pack trailer: %w: %w", ErrDamaged, err)
	}
	if err := writers.Verify(signContext, t.Writer, message, signature); err != nil {
		return nil, fmt.Errorf("pack trailer of %s: %w", t.Name, err)
	}
	t.Place()
	return t, nil
}

func (t *Trailer) decodeFrames(r *wire.Reader) {
	t.Frames = make([]Frame, r.Count("number of frames", maxItems, minFrame))
	var size uint64
	for i := range t.Frames {
		f := &t.Frames[i]
		f.decode(r, t.Kind)
		size += uint64(f.Stored) + uint64(f.Refs)
		if f.Slot > uint32(len(t.Slots)) {
			r.Fail("frame %d is sealed with slot %d of %d", i, f.Slot, len(t.Slots))
		}
		if r.Err() != nil {
			return
		}
	}
	if size > maxPack {
		r.Fail("frames take %d bytes, more than a pack can", size)
	}
}

func (f *Frame) decode(r *wire.Reader, kind Kind) {
	f.Stored = uint32(r.Uvarint("stored length", MaxStored))
	f.Plain = uint32(r.Uvarint("plain length", MaxPlain))
	f.Compression = chunk.Compression(r.U8("compression"))
	if f.Compression > chunk.Zstd {
		r.Fail("compression %d is unknown", f.Compression)
	}
	f.Slot = uint32(r.Uvarint("slot", maxSlots))
	f.Nonce = uint32(r.Uvarint("nonce", math.MaxUint32))
	f.Sum = r.U64("checksum")
	if kind == Tree {
		copy(f.RefsSum[:], r.Take("refs digest", len(f.RefsSum)))
	}
	f.decodeChunks(r, kind)
}

func (f *Frame) decodeChunks(r *wire.Reader, kind Kind) {
	f.Chunks = make([]Chunk, r.Count("number of chunks", maxItems, minChunk))
	left := uint64(f.Plain)
	for i := range f.Chunks {
		copy(f.Chunks[i].ID[:], r.Take("ID", chunk.IDSize))
		n := r.Uvarint("chunk length", left)
		f.Chunks[i].Length = uint32(n)
		left -= n
		if kind == Tree {
			refs := r.Uvarint("refs length", MaxRefs-uint64(f.Refs))
			f.Chunks[i].Refs = uint32(refs)
			f.Refs += uint32(refs)
		}
	}
	if r.Err() == nil && left != 0 {
		r.Fail("%d bytes of a frame belong to no chunk", left)
	}
}
