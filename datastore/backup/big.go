package backup

import (
	"context"
	"errors"
	"fmt"
	"io"

	"golang.org/x/sync/errgroup"

	"github.com/heirloom-backup/heirloom/chunk"
	"github.com/heirloom-backup/heirloom/datastore/backup/source"
	"github.com/heirloom-backup/heirloom/datastore/tree"
)

// bigFile saves a file that is read piece by piece.
func (f *folder) bigFile(ctx context.Context, it *item) error {
	path := f.join(it.entry.Name)
	file, err := f.dir.OpenFile(ctx, it.entry.Name)
	if err != nil {
		it.skip = true
		f.warn(path, err)
		return nil
	}
	defer file.Close()
	if err := f.dir.Detail(ctx, &it.entry); err != nil {
		f.warn(path, err)
	}
	err = f.pieces(ctx, file, &it.entry, f.content, path)
	if unreadable := (*readError)(nil); errors.As(err, &unreadable) {
		it.skip = true
		f.warn(path, unreadable.err)
		return nil
	}
	return err
}

// rootFile saves an image or a stream. Unlike a file in a folder it is all there is: what cannot be read is an error.
func (r *run) rootFile(ctx context.Context, file source.File, e *tree.Entry) error {
	split := r.content
	if _, ok := file.(source.ZeroHoles); ok {
		split = r.image
	}
	return r.pieces(ctx, file, e, split, e.Name)
}

// readError says that the source failed, rather than the store.
type readError struct{ err error }

func (e *readError) Error() string { return "read: " + e.err.Error() }

func (e *readError) Unwrap() error { return e.err }

// pieces saves a file's content and sets it in e.
func (r *run) pieces(ctx context.Context, file source.File, e *tree.Entry, split chunk.Splitter, path string) error {
	listed := e.Size
	p := newPipeline(r, split)
	_, zeros := file.(source.ZeroHoles)
	err := p.file(ctx, file, zeros, listed)
	if err = errors.Join(p.finish(ctx), err); err != nil {
		return err
	}
	if err := p.extents.Finish(ctx, e); err != nil {
		return err
	}
	r.o.Progress.files.Add(1)
	if listed > 0 || e.Inode != 0 { // a stream's size is not known before
		expected := *e
		expected.Size = listed
		r.checkChange(file, &expected, e.Size, path)
	}
	return nil
}

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

// data reads to the end of r.
func (p *pipeline) data(ctx context.Context, r io.Reader) error {
	for {
		buf, err := p.take(ctx)
		if err != nil {
			return err
		}
		head := copy(buf, p.carry)
		p.carry = p.carry[:0]
		n, err := readUpTo(r, buf[head:])
		if err != nil {
			p.buffers <- buf
			return &readError{err}
		}
		last := head+n < len(buf)
		p.o.Progress.bytesRead.Add(int64(n))
		p.o.Progress.bytes.Add(int64(n))
		if err := p.cut(ctx, buf, buf[:head+n], last); err != nil || last {
			return err
		}
	}
}

// take waits for a free buffer. Nobody holds one while waiting, so there is always one on its way back.
func (p *pipeline) take(ctx context.Context) ([]byte, error) {
	select {
	case buf := <-p.buffers:
		if buf == nil {
			buf = make([]byte, max(bigBuffer, 2*max(p.content.MaxSize(), p.image.MaxSize())))
		}
		return buf[:cap(buf)], nil
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
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
			data = data[n:]
			continue
		}
		run, ended := p.dataRun(data, last)
		for len(run) > 0 && (ended || len(run) >= p.split.MaxSize()) {
			n := p.split.Cut(run)
			chunks = append(chunks, run[:n:n])
			f.sizes, f.holes = append(f.sizes, int64(n)), append(f.holes, 0)
			run, data, p.hole = run[n:], data[n:], false
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

// collect adds the extents of finished buffers to the file, until at most n are left.
func (p *pipeline) collect(ctx context.Context, n int) error {
	for len(p.pending) > n {
		f := p.pending[0]
		p.pending = p.pending[1:]
		<-f.done
		for i, id := range f.ids {
			if err := p.addBoth(ctx, f.holes[i], tree.Extent{ID: id, Length: f.sizes[i]}); err != nil {
				return err
			}
		}
		if hole := f.holes[len(f.ids)]; hole > 0 {
			if err := p.extents.Add(ctx, tree.Extent{Length: hole}); err != nil {
				return err
			}
		}
	}
	return nil
}

func (p *pipeline) addBoth(ctx context.Context, hole int64, x tree.Extent) error {
	if hole > 0 {
		if err := p.extents.Add(ctx, tree.Extent{Length: hole}); err != nil {
			return err
		}
	}
	if x.ID.IsZero() {
		return nil // its put failed, which finish reports
	}
	return p.extents.Add(ctx, x)
}

// addHole adds a hole that the source knows of.
func (p *pipeline) addHole(ctx context.Context, n int64) error {
	if n <= 0 {
		return nil
	}
	if err := p.collect(ctx, 0); err != nil {
		return err
	}
	p.hole = true
	p.o.Progress.bytes.Add(n)
	return p.extents.Add(ctx, tree.Extent{Length: n})
}

// finish waits for all that is under way.
func (p *pipeline) finish(ctx context.Context) error {
	err := p.collect(ctx, 0)
	if perr := p.group.Wait(); perr != nil {
		return fmt.Errorf("store chunks: %w", perr)
	}
	return err
}
