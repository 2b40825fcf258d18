package index

import (
	"encoding/binary"
	"math/bits"

	"github.com/heirloom-backup/heirloom/chunk"
)

// filter is a blocked Bloom filter: each ID sets 7 bits within one 64-byte line. At 10 bits an ID about one lookup in
// a hundred passes without need. IDs are uniformly distributed, so their own bytes serve as the hash.
type filter []uint64

const (
	filterBits   = 10 // for each ID
	filterProbes = 7
	lineWords    = 8 // 64-byte lines
)

func newFilter(n int64) filter {
	lines := (n*filterBits + lineWords*64 - 1) / (lineWords * 64)
	return make(filter, max(lines, 1)*lineWords)
}

// line returns the words an ID lives in, and the bits that choose among them. It uses other bytes than the ones that
// sort tables, so that neighbours in a table do not share a line.
func (f filter) line(id *chunk.ID) (filter, uint64) {
	hi, _ := bits.Mul64(binary.LittleEndian.Uint64(id[8:]), uint64(len(f)/lineWords))
	return f[hi*lineWords : hi*lineWords+lineWords], binary.LittleEndian.Uint64(id[16:])
}

func (f filter) add(id *chunk.ID) {
	line, h := f.line(id)
	for range filterProbes {
		line[h&7] |= 1 << (h >> 3 & 63)
		h >>= 9
	}
}

func (f filter) has(id *chunk.ID) bool {
	line, h := f.line(id)
	for range filterProbes {
		if line[h&7]&(1<<(h>>3&63)) == 0 {
			return false
		}
		h >>= 9
	}
	return true
}
