package packer

import "slices"

// buffers hands out a fixed number of pack buffers, made when first needed.
type buffers struct {
	free chan []byte
	size int
}

// trailerRoom is what a pack's trailer and refs usually take, in bytes; a buffer that needs more grows.
const trailerRoom = 1 << 20

func newBuffers(n, packSize int) *buffers {
	b := &buffers{free: make(chan []byte, n), size: packSize + trailerRoom}
	for range n {
		b.free <- nil
	}
	return b
}

func (b *buffers) get() []byte {
	buf := <-b.free
	if buf == nil {
		buf = make([]byte, 0, b.size)
	}
	return buf[:0]
}

func (b *buffers) put(buf []byte) { b.free <- buf }

// growBy makes room for n more bytes, whose content is undefined.
func growBy(buf []byte, n int) []byte {
	buf = slices.Grow(buf, n)
	return buf[:len(buf)+n]
}
