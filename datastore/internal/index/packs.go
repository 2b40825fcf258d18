package index

import (
	"encoding/binary"
	"fmt"
	"math"

	"github.com/heirloom-backup/heirloom/datastore/internal/pack"
	"github.com/heirloom-backup/heirloom/datastore/internal/wire"
)

func appendPacks(dst []byte, packs []Pack) []byte {
	dst = binary.AppendUvarint(dst, uint64(len(packs)))
	for _, p := range packs {
		dst = wire.AppendBytes(dst, p.Name)
		dst = binary.AppendUvarint(dst, uint64(p.Size))
		dst = append(dst, byte(p.Kind))
		dst = wire.AppendBytes(dst, p.Writer)
		dst = binary.AppendUvarint(dst, uint64(len(p.Slots)))
		for _, s := range p.Slots {
			dst = wire.AppendBytes(dst, s)
		}
	}
	return dst
}

func decodePacks(data []byte) ([]Pack, error) {
	r := wire.NewReader(data)
	packs := make([]Pack, r.Count("number of packs", math.MaxUint32, 5))
	var writer string // of most packs the same: it is in memory once
	for i := range packs {
		p := &packs[i]
		p.Name = string(r.Bytes("name", math.MaxUint32))
		p.Size = int64(r.Uvarint("size", math.MaxInt64))
		p.Kind = pack.Kind(r.U8("kind"))
		if w := r.Bytes("writer", math.MaxUint32); string(w) != writer {
			writer = string(w)
		}
		p.Writer = writer
		p.Slots = make([][]byte, r.Count("number of slots", math.MaxUint32, 1))
		for k := range p.Slots {
			p.Slots[k] = r.Bytes("slot", math.MaxUint32)
		}
	}
	if err := r.End(); err != nil {
		return nil, fmt.Errorf("%w: packs: %w", ErrDamaged, err)
	}
	return packs, nil
}
