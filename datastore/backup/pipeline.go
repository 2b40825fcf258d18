package backup

import (
	"context"
	"errors"
	"io"

	"golang.org/x/sync/errgroup"

	"github.com/heirloom-backup/heirloom/chunk"
	"github.com/heirloom-backup/heirloom/datastore/backup/source"
	"github.com/heirloom-backup/heirloom/datastore/tree"
)

// pipeline reads one file: while a buffer's chunks are named and packed by other goroutines, the next one is read.
type pipeline struct {
	*run
	split   chunk.Splitter
	zeros   bool // runs of zeros are holes
	grain   int  // bytes: the blocks in which they are looked for
	group   errgroup.Group
	pending []*filled // in order of the file
	extents *tree.FileBuilder
	carry   []byte // bytes read and not yet cut: what follows may belong to the same chunk
	offset  int64  // in the source, of the first byte that is not cut yet
	hole    bool   // the last thing added was a hole
}

// filled is a buffer whose chunks are being put.
type filled struct {
	holes []int64 // length of the hole before chunk i; the last one stands behind all chunks
	ids   []chunk.ID
	sizes []int64
	done  chan struct{}
}

func newPipeline(r *run, split chunk.Splitter) *pipeline {
	return &pipeline{run: r, split: split, grain: r.grain, extents: tree.NewFileBuilder(r.w.PutNode)}
}

// file reads the whole file, ranges of data and the holes between them.
func (p *pipeline) file(ctx context.Context, file source.File, zeros bool, size int64) error {
	p.zeros = zeros
	sparse, ok := file.(source.Sparse)
	if !ok {
		return p.data(ctx, file)
	}
	var at int64
	for at < size {
		start, end, err := sparse.NextData(at)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return &readError{err}
		}
		start, end = p.align(max(start, at), min(end, size), size)
		if start >= end {
			break
		}
		if err := p.addHole(ctx, start-at); err != nil {
			return err
		}
		p.offset = start
		n, err := p.section(ctx, io.NewSectionReader(sparse, start, end-start))
		if err != nil {
			return err
		}
		if at = start + n; n < end-start {
			return nil // it has become shorter
		}
	}
	return p.addHole(ctx, size-at)
}

// align widens a range of an image's data to whole blocks; the zeros it gains are found as such.
func (p *pipeline) align(start, end, size int64) (int64, int64) {
	if !p.zeros {
		return start, end
	}
	grain := int64(p.grain)
	return start / grain * grain, min((end+grain-1)/grain*grain, size)
}

// section reads one range of data and returns how long it was.
func (p *pipeline) section(ctx context.Context, r io.Reader) (int64, error) {
	counted := &countingReader{r: r}
	err := p.data(ctx, counted)
	return counted.n, err
}

type countingReader struct {
	r io.Reader
	n int64
}

func (c *countingReader) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}

// data reads to the end of r and cuts what it reads, each buffer while the next one is being read.
func (p *pipeline) data(ctx context.Context, r io.Reader) error {
	reading, stop := context.WithCancel(ctx)
	filled := make(chan buffer)
	go p.fill(reading, r, filled)
	defer func() {
		stop()
		for b := range filled {
			p.buffers <- b.room
		}
	}()
	for b := range filled {
		if b.err != nil {
			p.buffers <- b.room
			return &readError{b.err}
		}
		p.o.Progress.bytesRead.Add(int64(b.n))
		p.o.Progress.bytes.Add(int64(b.n))
		if err := p.cut(ctx, b.room, b.data(&p.carry), b.last); err != nil || b.last {
			return err
		}
	}
	return context.Cause(ctx)
}

// cut divides the bytes into holes and chunks and puts the chunks on other goroutines. last says that the data ends
// with them; otherwise the end that may belong to a longer chunk is carried over.
func (p *pipeline) cut(ctx context.Context, buf, data []byte, last bool) error {
	f := &filled{done: make(chan struct{}), holes: []int64{0}}
	var chunks [][]byte
	for len(data) > 0 {
		if n := p.leadingZeros(data, last); n > 0 {
			f.holes[len(f.holes)-1] += int64(n)
			p.hole = true
			data, p.offset = data[n:], p.offset+int64(n)
			continue
		}
		run, ended := p.dataRun(data, last)
		for len(run) > 0 && (ended || len(run) >= p.split.MaxSize()) {
			n := p.split.Cut(run)
			chunks = append(chunks, run[:n:n])
			f.sizes, f.holes = append(f.sizes, int64(n)), append(f.holes, 0)
			run, data, p.hole = run[n:], data[n:], false
			p.offset += int64(n)
		}
		if !ended {
			break
		}
	}
	p.carry = append(p.carry, data...)
	f.ids = make([]chunk.ID, len(chunks))
	p.pending = append(p.pending, f)
	p.group.Go(func() error {
		defer func() { p.buffers <- buf; close(f.done) }()
		return p.w.Put(ctx, chunks, f.ids)
	})
	return p.collect(ctx, bigBuffers)
}
