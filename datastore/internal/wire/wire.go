// Package wire reads and writes the store's binary encodings. Reading is bounded: every length is checked against a
// limit and against what is left before it is believed.
package wire

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// ErrDamaged says that bytes read from a store are not what was written.
var ErrDamaged = errors.New("damaged")

// Reader takes values off the front of a byte slice. The first thing that does not fit sets Err; all later reads
// return zero values, so that a decoder checks once at the end.
type Reader struct {
	data []byte
	off  int
	err  error
}

// NewReader returns a Reader of data, which it does not copy: byte slices it returns are parts of data.
func NewReader(data []byte) *Reader { return &Reader{data: data} }

// Err returns what was wrong first, or nil.
func (r *Reader) Err() error { return r.err }

// Offset returns how many bytes have been taken.
func (r *Reader) Offset() int { return r.off }

// Len returns how many bytes are left.
func (r *Reader) Len() int { return len(r.data) - r.off }

// Fail records an error at the current position, unless there is one already.
func (r *Reader) Fail(format string, args ...any) {
	if r.err == nil {
		r.err = fmt.Errorf("at byte %d: %s", r.off, fmt.Sprintf(format, args...))
	}
}

// Take returns the next n bytes.
func (r *Reader) Take(what string, n int) []byte {
	if r.err != nil {
		return nil
	}
	if n < 0 || n > r.Len() {
		r.Fail("%s needs %d bytes, %d are left", what, n, r.Len())
		return nil
	}
	p := r.data[r.off : r.off+n : r.off+n]
	r.off += n
	return p
}

// Uvarint returns the next unsigned number, which must not exceed limit.
func (r *Reader) Uvarint(what string, limit uint64) uint64 {
	if r.err != nil {
		return 0
	}
	v, n := binary.Uvarint(r.data[r.off:])
	if n <= 0 {
		r.Fail("%s is not a number", what)
		return 0
	}
	if v > limit {
		r.Fail("%s is %d, more than %d", what, v, limit)
		return 0
	}
	r.off += n
	return v
}

// Varint returns the next signed number.
func (r *Reader) Varint(what string) int64 {
	if r.err != nil {
		return 0
	}
	v, n := binary.Varint(r.data[r.off:])
	if n <= 0 {
		r.Fail("%s is not a number", what)
		return 0
	}
	r.off += n
	return v
}

// Count returns a number of items, of which each takes at least size bytes: a count that cannot be true is refused
// before anybody allocates for it.
func (r *Reader) Count(what string, limit uint64, size int) int {
	n := r.Uvarint(what, limit)
	if r.err == nil && n > uint64(r.Len()/size) {
		r.Fail("%s is %d, but only %d bytes are left", what, n, r.Len())
		return 0
	}
	return int(n)
}

// Bytes returns the next length-prefixed bytes, at most limit of them.
func (r *Reader) Bytes(what string, limit uint64) []byte {
	n := r.Uvarint(what+" length", limit)
	return r.Take(what, int(n))
}

// U8 returns the next byte.
func (r *Reader) U8(what string) byte {
	if p := r.Take(what, 1); p != nil {
		return p[0]
	}
	return 0
}

// U32 returns the next 32-bit number.
func (r *Reader) U32(what string) uint32 {
	if p := r.Take(what, 4); p != nil {
		return binary.LittleEndian.Uint32(p)
	}
	return 0
}

// U64 returns the next 64-bit number.
func (r *Reader) U64(what string) uint64 {
	if p := r.Take(what, 8); p != nil {
		return binary.LittleEndian.Uint64(p)
	}
	return 0
}

// End fails unless everything has been taken, and returns Err.
func (r *Reader) End() error {
	if r.err == nil && r.Len() != 0 {
		r.Fail("%d bytes too many", r.Len())
	}
	return r.err
}

// AppendBytes appends a length and then p.
func AppendBytes[T ~string | ~[]byte](dst []byte, p T) []byte {
	dst = binary.AppendUvarint(dst, uint64(len(p)))
	return append(dst, p...)
}
