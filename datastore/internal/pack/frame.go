package pack

import (
	"crypto/sha256"
	"fmt"
	"slices"

	"github.com/cespare/xxhash/v2"

	"github.com/heirloom-backup/heirloom/chunk"
)

// Check compares the stored bytes with the frame's checksum. It needs no key.
func (f *Frame) Check(stored []byte) error {
	if len(stored) != int(f.Stored) {
		return fmt.Errorf("frame at %d: %w: %d of %d bytes", f.Offset, ErrDamaged, len(stored), f.Stored)
	}
	if xxhash.Sum64(stored) != f.Sum {
		return fmt.Errorf("frame at %d: %w: checksum does not match", f.Offset, ErrDamaged)
	}
	return nil
}

// CheckRefs compares a frame's refs with their digest.
func (f *Frame) CheckRefs(refs []byte) error {
	if len(refs) != int(f.Refs) || f.Refs > 0 && sha256.Sum256(refs) != f.RefsSum {
		return fmt.Errorf("refs at %d: %w: digest does not match", f.RefsOffset, ErrDamaged)
	}
	return nil
}

// Scratch is the memory that decoding one frame at a time needs. What Decode returns is valid until its next use.
type Scratch struct {
	opened []byte
	plain  []byte
}

// Decode opens and decompresses the stored bytes. The sealer is that of the frame's slot, nil where Slot is 0. The
// result is a part of stored, or of the scratch memory.
func (f *Frame) Decode(s *Scratch, codec *chunk.Codec, sealer *chunk.Sealer, stored []byte) ([]byte, error) {
	data := stored
	if f.Slot != 0 {
		s.opened = slices.Grow(s.opened[:0], len(stored))
		opened, err := sealer.Open(s.opened, stored, f.Nonce, nil)
		if err != nil {
			return nil, fmt.Errorf("frame at %d: %w: %w", f.Offset, ErrDamaged, err)
		}
		s.opened, data = opened, opened
	}
	if f.Compression == chunk.Zstd {
		plain, err := codec.Decompress(s.plain[:0], data, int(f.Plain))
		if err != nil {
			return nil, fmt.Errorf("frame at %d: %w: %w", f.Offset, ErrDamaged, err)
		}
		s.plain, data = plain, plain
	}
	if len(data) != int(f.Plain) {
		return nil, fmt.Errorf("frame at %d: %w: %d of %d plain bytes", f.Offset, ErrDamaged, len(data), f.Plain)
	}
	return data, nil
}
