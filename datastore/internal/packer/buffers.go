package packer

import "slices"

// buffers hands out a bounded number of pack buffers of one size. One that came back is handed out before another is
// made, so there are as many as packs were really under way at one time: two, mostly, where storing is quick.
type buffers struct {
	back   chan []byte
	unmade chan struct{}
	size   int
}

// trailerRoom is what a pack's trailer and refs usually take, in bytes; a buffer that needs more grows.
const trailerRoom = 1 << 20

func newBuffers(n, packSize int) *buffers {
	b := &buffers{back: make(chan []byte, n), unmade: make(chan struct{}, n), size: packSize + trailerRoom}
	for range n {
		b.unmade <- struct{}{}
	}
	return b
}

func (b *buffers) get() []byte {
	select {
	case buf := <-b.back:
		return buf[:0]
	default:
	}
	select {
	case buf := <-b.back:
		return buf[:0]
	case <-b.unmade:
		return make([]byte, 0, b.size)
	}
}

func (b *buffers) put(buf []byte) { b.back <- buf }

// growBy makes room for n more bytes, whose content is undefined.
func growBy(buf []byte, n int) []byte {
	buf = slices.Grow(buf, n)
	return buf[:len(buf)+n]
}
