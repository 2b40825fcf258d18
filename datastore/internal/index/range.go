package index

import (
	"sort"

	"github.com/heirloom-backup/heirloom/chunk"
)

// Range returns the numbers of id's entries, from first up to end; equal ones if there is none. An entry's number is its
// place in the order of All, so that one bit for each entry is a set of chunks.
func (t *Table) Range(id *chunk.ID) (first, end int64, err error) {
	err = t.eachBlock(id, func(number int, block []byte) {
		from, to := rangeInBlock(block, id)
		if from == to {
			return
		}
		base := int64(number) * perBlock
		if first == end {
			first = base + int64(from)
		}
		end = base + int64(to)
	})
	return first, end, err
}

// rangeInBlock returns where id's entries begin and end in a block.
func rangeInBlock(block []byte, id *chunk.ID) (from, to int) {
	n := len(block) / entrySize
	at := func(i int) string { return string(block[i*entrySize:][:chunk.IDSize]) }
	from = sort.Search(n, func(i int) bool { return at(i) >= string(id[:]) })
	for to = from; to < n && at(to) == string(id[:]); to++ {
	}
	return from, to
}

// Frames returns the number of frames.
func (t *Table) Frames() int64 { return t.frames }
