package backup

import (
	"context"
	"io"
)

// buffer is what was read at once. Before it there is room for the end of what was read before.
type buffer struct {
	room []byte
	head int // where what was read begins
	n    int
	last bool // the data ends with it
	err  error
}

// data returns what was read, behind carry, which it empties.
func (b *buffer) data(carry *[]byte) []byte {
	start := b.head - copy(b.room[b.head-len(*carry):b.head], *carry)
	*carry = (*carry)[:0]
	return b.room[start : b.head+b.n]
}

// headroom is the room for what is carried over: it is less than the longest chunk.
func (r *run) headroom() int { return max(r.content.MaxSize(), r.image.MaxSize()) }

// fill reads buffers to the end of r, or until ctx is done, and closes filled.
func (p *pipeline) fill(ctx context.Context, r io.Reader, filled chan<- buffer) {
	defer close(filled)
	for {
		room, err := p.take(ctx)
		if err != nil {
			return
		}
		b := buffer{room: room, head: p.headroom()}
		b.n, b.err = readUpTo(r, room[b.head:])
		b.last = b.head+b.n < len(room)
		select {
		case filled <- b:
		case <-ctx.Done():
			p.buffers <- room
			return
		}
		if b.last || b.err != nil {
			return
		}
	}
}

// take waits for a free buffer. Nobody holds one while waiting, so there is always one on its way back.
func (p *pipeline) take(ctx context.Context) ([]byte, error) {
	select {
	case buf := <-p.buffers:
		if buf == nil {
			buf = make([]byte, p.headroom()+max(bigBuffer, p.headroom()))
		}
		return buf[:cap(buf)], nil
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}
