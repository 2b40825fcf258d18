package tasklog

import (
	"errors"
	"io"
	"iter"
)

// Read yields the whole lines of a log, from the first that starts at offset or later up to the present end. It does not
// yield a last line without a newline: it may be being written. Where r fails the error is the last thing yielded.
//
// To go on later, begin at the End of the last line.
func Read(r io.ReaderAt, offset int64) iter.Seq2[Line, error] {
	return func(yield func(Line, error) bool) {
		s := newScanner(r, offset)
		for {
			line, err := s.next()
			if errors.Is(err, io.EOF) || !yield(line, err) || err != nil {
				return
			}
		}
	}
}
