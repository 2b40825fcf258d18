package index

import (
	"bufio"
	"encoding/binary"
	"io"

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

func (w *writer) finish(packs []Pack) error {
	start := w.at
	head := appendPacks(nil, packs)
	firsts := start + int64(len(head))
	head = appendWords(head, w.firsts)
	filter := start + int64(len(head))
	head = appendWords(head, w.filter)
	w.write(head)
	var footer []byte
	for _, v := range [...]int64{w.count, w.frames, start, firsts, filter} {
		footer = binary.LittleEndian.AppendUint64(footer, uint64(v))
	}
	footer = binary.LittleEndian.AppendUint64(footer, xxhash.Sum64(head))
	footer = binary.LittleEndian.AppendUint64(footer, xxhash.Sum64(footer))
	w.write(append(footer, magic...))
	if w.err != nil {
		return w.err
	}
	return w.w.Flush()
}

func appendWords(dst []byte, list []uint64) []byte {
	for _, v := range list {
		dst = binary.LittleEndian.AppendUint64(dst, v)
	}
	return dst
}
