package main

import (
	"context"
	"io"
)

// interruptible returns a reader that ends when ctx does. A read from a terminal or pipe that nobody writes to cannot be
// interrupted itself; it is left waiting on a goroutine that ends with the process.
func interruptible(ctx context.Context, r io.Reader) io.Reader {
	return &interruptibleReader{ctx: ctx, r: r, results: make(chan readResult, 1)}
}

type interruptibleReader struct {
	ctx     context.Context
	r       io.Reader
	buf     []byte // what the waiting read fills: never the caller's slice, which is the caller's again on return
	results chan readResult
}

type readResult struct {
	n   int
	err error
}

func (i *interruptibleReader) Read(data []byte) (int, error) {
	if err := i.ctx.Err(); err != nil {
		return 0, err
	}
	if len(i.buf) < len(data) {
		i.buf = make([]byte, len(data))
	}
	buf := i.buf[:len(data)]
	go func() {
		n, err := i.r.Read(buf)
		i.results <- readResult{n, err}
	}()
	select {
	case got := <-i.results:
		return copy(data, buf[:got.n]), got.err
	case <-i.ctx.Done():
		return 0, i.ctx.Err()
	}
}
