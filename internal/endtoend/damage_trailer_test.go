//go:build linux

package endtoend

import "encoding/binary"

// trailerReader reads as much of a pack's trailer as is needed to know where its frames and refs lie. It follows
// docs/format.md and shares no code with the program, so that it also checks the page.
type trailerReader struct {
	data []byte
	at   int
}

func (r *trailerReader) byte() byte {
	r.at++
	return r.data[r.at-1]
}

func (r *trailerReader) number() int64 {
	v, n := binary.Uvarint(r.data[r.at:])
	r.at += n
	return int64(v)
}

func (r *trailerReader) bytes() { r.at += int(r.number()) }

// borders returns where frames begin and end, and, in a tree pack, their refs.
func (r *trailerReader) borders() (list []int64) {
	r.byte() // version
	tree := r.byte() == treeKind
	r.bytes() // name
	for range r.number() {
		r.bytes() // slot
	}
	var end int64
	var refs []int64
	for range r.number() {
		stored, below := r.frame(tree)
		end += stored
		list, refs = append(list, end), append(refs, below)
	}
	for _, n := range refs {
		end += n
		list = append(list, end)
	}
	return list
}

// frame returns the length of a frame and of its refs.
func (r *trailerReader) frame(tree bool) (stored, refs int64) {
	stored = r.number()
	r.number() // plain length
	r.byte()   // compression
	r.number() // slot
	r.number() // nonce
	r.at += 8  // checksum
	if tree {
		r.at += 32 // digest of the refs
	}
	for range r.number() {
		r.at += 32 // ID
		r.number() // length
		if tree {
			refs += r.number()
		}
	}
	return stored, refs
}
