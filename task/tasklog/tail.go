package tasklog

import (
	"bytes"
	"errors"
	"fmt"
	"io"
)

// TailOffset returns where the last so many whole lines of a log of size bytes begin, which is 0 if it has fewer. It
// reads backwards from the end, no more than needed. What follows the last newline is not counted; with no lines asked
// for, it is what the offset is of.
func TailOffset(r io.ReaderAt, size int64, lines int) (int64, error) {
	t := tail{lines: lines, after: '\n'}
	block := make([]byte, 32<<10)
	for size > 0 {
		block = block[:min(size, int64(len(block)))]
		size -= int64(len(block))
		if n, err := r.ReadAt(block, size); n < len(block) {
			if err == nil || errors.Is(err, io.EOF) {
				err = io.ErrUnexpectedEOF
			}
			return 0, fmt.Errorf("read the task's log at byte %d: %w", size+int64(n), err)
		}
		if at, found := t.search(block); found {
			return size + int64(at), nil
		}
	}
	return 0, nil
}

// tail counts the beginnings of lines, from the end of a log.
type tail struct {
	lines int
	after byte // the byte that follows what was searched
	whole bool // the end of the last whole line was seen
}

// search returns where in the block the first of the lines wanted begins.
func (t *tail) search(block []byte) (at int, found bool) {
	next := t.after
	t.after = block[0]
	for i := bytes.LastIndexByte(block, '\n'); i >= 0; i = bytes.LastIndexByte(block[:i], '\n') {
		if i+1 < len(block) {
			next = block[i+1]
		}
		if t.whole && next != '\n' { // an empty line is none
			t.lines--
		}
		t.whole = true
		if t.lines <= 0 {
			return i + 1, true
		}
	}
	return 0, false
}
