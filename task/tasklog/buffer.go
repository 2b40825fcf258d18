package tasklog

import "sync"

// buffer holds one line, after a newline that is written along with it where the line before may be torn.
type buffer struct{ line []byte }

// Only memory is shared, never content: a package-level pool is no state.
var buffers = sync.Pool{New: func() any { return &buffer{line: make([]byte, 0, 1024)} }}

func takeBuffer() *buffer {
	b := buffers.Get().(*buffer)
	b.line = append(b.line[:0], '\n')
	return b
}

// release gives the buffer back. One that a rare line made large is left to the collector.
func (b *buffer) release() {
	if cap(b.line) <= 16<<10 {
		buffers.Put(b)
	}
}
