package index

import (
	"bufio"
	"encoding/binary"
	"io"
	"slices"

	"github.com/cespare/xxhash/v2"
)

// maxFiltered is the number of entries above which a table has no filter: lookups of new chunks then read a block
// each, and memory stays bounded.
const maxFiltered = 1 << 26

// writer writes a table front to back: entries in order, then frames, then the rest. Errors are kept for finish.
type writer struct {
	w      *bufio.Writer
	at     int64
	block  []byte
	count  int64
	frames int64
	firsts []uint64
	filter filter
	err    error
}

// newWriter returns a writer of a table of at most n entries.
func newWriter(w io.Writer, n int64) *writer {
	out := &writer{w: bufio.NewWriterSize(w, 1<<18)}
	if n <= maxFiltered {
		out.filter = newFilter(n)
	}
	return out
}

func (w *writer) write(p []byte) {
	if w.err == nil {
		_, w.err = w.w.Write(p)
	}
	w.at += int64(len(p))
}

func (w *writer) entry(e *Entry) {
	if len(w.block) == 0 {
		w.firsts = append(w.firsts, prefix(&e.ID))
	}
	if w.filter != nil {
		w.filter.add(&e.ID)
	}
	w.block = appendEntry(w.block, e)
	w.count++
	if len(w.block) == perBlock*entrySize {
		w.endEntries()
	}
}

// endEntries writes the block being filled.
func (w *writer) endEntries() {
	if len(w.block) == 0 {
		return
	}
	w.block = append(w.block, make([]byte, blockSize-8-len(w.block))...)
	w.block = binary.LittleEndian.AppendUint64(w.block, xxhash.Sum64(w.block))
	w.write(w.block)
	w.block = w.block[:0]
}

func (w *writer) frame(f *frame) {
	w.block = f.append(w.block[:0])
	w.write(w.block)
	w.frames++
}

// finish writes what an open table keeps in memory, and the footer.
func (w *writer) finish(packs []Pack) error {
	at, sum := w.at, xxhash.New()
	part := func(p []byte) {
		w.write(p)
		sum.Write(p)
	}
	part(appendPacks(nil, packs))
	firsts := w.at
	eachWords(w.firsts, part)
	filter := w.at
	eachWords(w.filter, part)
	var footer []byte
	for _, v := range [...]int64{w.count, w.frames, at, firsts, filter} {
		footer = binary.LittleEndian.AppendUint64(footer, uint64(v))
	}
	footer = binary.LittleEndian.AppendUint64(footer, sum.Sum64())
	footer = binary.LittleEndian.AppendUint64(footer, xxhash.Sum64(footer))
	w.write(append(footer, magic...))
	if w.err != nil {
		return w.err
	}
	return w.w.Flush()
}

// eachWords calls fn for the encoded words, some at a time: as a whole they would be in memory twice.
func eachWords(list []uint64, fn func(p []byte)) {
	const some = 4096
	p := make([]byte, 0, 8*some)
	for part := range slices.Chunk(list, some) {
		p = p[:0]
		for _, v := range part {
			p = binary.LittleEndian.AppendUint64(p, v)
		}
		fn(p)
	}
}
