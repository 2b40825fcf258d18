package tasklog

import (
	"bytes"
	"errors"
	"fmt"
	"io"
)

// firstBlock is what a scanner begins with: many logs are short, and many may be followed at once.
const firstBlock = 16 << 10

// scanner takes a growing log apart into lines. It needs no more memory for a log without any newline.
type scanner struct {
	r      io.ReaderAt
	offset int64 // in the log, of the line that rest begins with
	block  []byte
	rest   []byte // a part of block: what was read and not yet returned
	seen   int    // so many bytes of rest have no newline
	cut    int64  // so many bytes of the line are left out: after the first maxLine of rest, or all if skip is set
	skip   bool   // the line is one of which the beginning was not asked for
}

// newScanner begins with the first line that starts at offset or later. To learn whether one starts at offset it passes
// over what ends with the byte before: perhaps nothing but a newline.
func newScanner(r io.ReaderAt, offset int64) *scanner {
	s := &scanner{r: r, offset: max(0, offset-1), skip: offset > 0, block: make([]byte, firstBlock)}
	s.rest = s.block[:0]
	return s
}

// next returns the next whole line, or io.EOF if there is none for now. It can be called again after any error.
func (s *scanner) next() (Line, error) {
	for {
		i := bytes.IndexByte(s.rest[s.seen:], '\n')
		if i < 0 {
			s.seen = len(s.rest)
			if err := s.fill(); err != nil {
				return Line{}, err
			}
			continue
		}
		if line, ok := s.take(s.seen+i, 1); ok {
			return line, nil
		}
	}
}

// last returns what follows the last newline, for a log that does not grow any more.
func (s *scanner) last() (Line, bool) { return s.take(len(s.rest), 0) }

// take removes a line of n bytes, and the newline if there is one, from rest. There is nothing to return if it is empty
// or was not asked for.
func (s *scanner) take(n, newline int) (Line, bool) {
	kept := min(n, maxLine)
	missing := s.cut + int64(n-kept)
	var line Line
	found := n > 0 && !s.skip
	if found {
		line = parse(bytes.Clone(s.rest[:kept]), missing)
	}
	line.Offset = s.offset
	line.End = s.offset + s.cut + int64(n+newline)
	s.offset, s.rest = line.End, s.rest[n+newline:]
	s.seen, s.cut, s.skip = 0, 0, false
	return line, found
}

// fill reads on. It makes room first: by leaving out what a line has too much, by moving rest to the front, or by
// growing.
func (s *scanner) fill() error {
	keep := maxLine
	if s.skip {
		keep = 0
	}
	if s.seen > keep {
		s.cut += int64(s.seen - keep)
		s.rest, s.seen = s.rest[:keep], keep
	}
	s.makeRoom()
	from := s.offset + s.cut + int64(len(s.rest))
	n, err := s.r.ReadAt(s.rest[len(s.rest):cap(s.rest)], from)
	n = max(0, n)
	s.rest = s.rest[:len(s.rest)+n]
	switch {
	case n > 0:
		return nil // an error will come again
	case err == nil || errors.Is(err, io.EOF):
		return io.EOF
	}
	return fmt.Errorf("read the task's log at byte %d: %w", from, err)
}

func (s *scanner) makeRoom() {
	if len(s.rest) > len(s.block)/2 {
		s.block = make([]byte, 2*len(s.block))
	} else if cap(s.rest)-len(s.rest) >= len(s.block)/2 {
		return
	}
	s.rest = s.block[:copy(s.block, s.rest)]
}
