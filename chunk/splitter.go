package chunk

import (
	"fmt"
	"io"
	"iter"
)

// Splitter finds where chunks end. It keeps no state between calls and is safe for concurrent use. The Splitters of
// this package come from [Params.Splitter].
type Splitter interface {
	// Cut returns the length of the first chunk of data: 1 to MaxSize bytes, or 0 if data is empty. Data must hold at
	// least MaxSize bytes or else be all that is left of the stream; what lies beyond MaxSize has no influence.
	Cut(data []byte) int

	// MaxSize returns the length in bytes of the longest chunk that Cut finds.
	MaxSize() int
}

// Split yields the chunks of a stream in order; together they are the stream. An empty stream has none.
//
// A chunk is valid until the next iteration; it is the caller's to change but not to keep. When reading fails, the
// error, wrapped with the offset of the chunk that could not be completed, is the last thing yielded. Split holds a
// buffer of twice the splitter's MaxSize.
func Split(r io.Reader, s Splitter) iter.Seq2[[]byte, error] {
	return func(yield func([]byte, error) bool) {
		w := window{r: r, buf: make([]byte, 2*s.MaxSize())}
		for {
			data, err := w.peek(s.MaxSize())
			if err != nil {
				yield(nil, fmt.Errorf("split stream: chunk at byte %d: %w", w.offset, err))
				return
			}
			if len(data) == 0 {
				return
			}
			n := s.Cut(data)
			if n < 1 || n > len(data) {
				yield(nil, fmt.Errorf("split stream: chunk at byte %d: splitter cut %d of %d bytes", w.offset, n, len(data)))
				return
			}
			if !yield(data[:n:n], nil) {
				return
			}
			w.skip(n)
		}
	}
}

// window is the part of a stream that is being looked at: buf[start:end], which begins at offset.
type window struct {
	r          io.Reader
	buf        []byte
	start, end int
	offset     int64
	done       bool // r has ended
}

// peek returns at least n bytes of what comes next, or all that is left.
func (w *window) peek(n int) ([]byte, error) {
	if w.end-w.start < n && !w.done {
		if err := w.fill(); err != nil {
			return nil, err
		}
	}
	return w.buf[w.start:w.end], nil
}

// fill reads until the buffer is full or r ends. It does without io.ReadFull, which reports the end of r as
// io.ErrUnexpectedEOF: a reader whose own source was cut short fails with just that, and must not pass for complete.
func (w *window) fill() error {
	w.end = copy(w.buf, w.buf[w.start:w.end])
	w.start = 0
	for w.end < len(w.buf) {
		n, err := w.r.Read(w.buf[w.end:])
		w.end += n
		if err == io.EOF {
			w.done = true
			return nil
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (w *window) skip(n int) {
	w.start += n
	w.offset += int64(n)
}
