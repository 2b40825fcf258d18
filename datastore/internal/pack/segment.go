package pack

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"

	"github.com/heirloom-backup/heirloom/datastore/internal/wire"
)

const segmentMagic = "HLINDX01"

// MaxSegment is the largest index segment that is read, in bytes.
const MaxSegment = 256 << 20

// Listed is a pack in an index segment.
type Listed struct {
	Size    int64  // of the whole pack, bytes
	Trailer []byte // encoded, with its signature
}

// AppendSegment appends an index segment to dst.
func AppendSegment(dst []byte, packs []Listed) []byte {
	start := len(dst)
	dst = append(dst, segmentMagic...)
	dst = binary.AppendUvarint(dst, uint64(len(packs)))
	for _, p := range packs {
		dst = binary.AppendUvarint(dst, uint64(p.Size))
		dst = wire.AppendBytes(dst, p.Trailer)
	}
	sum := sha256.Sum256(dst[start:])
	return append(dst, sum[:]...)
}

// DecodeSegment reads an index segment. The trailers are parts of data and not yet decoded.
func DecodeSegment(data []byte) ([]Listed, error) {
	if len(data) < len(segmentMagic)+sha256.Size || string(data[:len(segmentMagic)]) != segmentMagic {
		return nil, fmt.Errorf("index segment: %w: not an index segment", ErrDamaged)
	}
	body := data[:len(data)-sha256.Size]
	if sha256.Sum256(body) != [sha256.Size]byte(data[len(body):]) {
		return nil, fmt.Errorf("index segment: %w: digest does not match", ErrDamaged)
	}
	r := wire.NewReader(body[len(segmentMagic):])
	packs := make([]Listed, r.Count("number of packs", maxItems, 2))
	for i := range packs {
		packs[i].Size = int64(r.Uvarint("pack size", maxPack))
		packs[i].Trailer = r.Bytes("trailer", MaxTrailer)
	}
	if err := r.End(); err != nil {
		return nil, fmt.Errorf("index segment: %w: %w", ErrDamaged, err)
	}
	return packs, nil
}
