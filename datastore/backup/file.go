package backup

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/heirloom-backup/heirloom/chunk"
	"github.com/heirloom-backup/heirloom/datastore/backup/source"
	"github.com/heirloom-backup/heirloom/datastore/tree"
)

// A batch is small files of one folder that are read into one buffer, named in one call and packed together.
const (
	smallFile  = 512 << 10 // bytes; larger files are read piece by piece
	batchBytes = 512 << 10
	batchFiles = 64
)

type batch struct {
	items []*item
	bytes int64
	done  chan struct{}
}

// file begins to save a regular file.
func (f *folder) file(ctx context.Context, it *item, old *tree.Entry) {
	if f.unchanged(&it.entry, old) {
		ok, err := f.takeOver(ctx, it, old)
		if ok || err != nil {
			it.err = err
			return
		}
	}
	if it.entry.Size > smallFile {
		it.done = make(chan struct{})
		f.jobs <- func(*reader) {
			defer close(it.done)
			it.err = f.bigFile(ctx, it)
		}
		return
	}
	if f.batch == nil {
		f.batch = &batch{done: make(chan struct{})}
	}
	it.done = f.batch.done
	f.batch.items = append(f.batch.items, it)
	f.batch.bytes += it.entry.Size
	if f.batch.bytes >= batchBytes || len(f.batch.items) == batchFiles {
		f.sendBatch(ctx)
	}
}

func (f *folder) sendBatch(ctx context.Context) {
	b := f.batch
	if b == nil {
		return
	}
	f.batch = nil
	f.jobs <- func(rd *reader) {
		defer close(b.done)
		rd.readBatch(ctx, f, b)
	}
}

// takeOver uses the parent's content, unread, if the store has all of it to stay.
func (f *folder) takeOver(ctx context.Context, it *item, old *tree.Entry) (ok bool, err error) {
	ok, err = f.takeOverContent(ctx, &it.entry, old)
	if ok && err == nil {
		f.detail(ctx, f.dir, &it.entry, old, f.join(it.entry.Name))
	}
	return ok, err
}

// takeOverContent sets e's content to that of old, which is the same file in the parent snapshot.
func (r *run) takeOverContent(ctx context.Context, e, old *tree.Entry) (ok bool, err error) {
	if old.Tree.IsZero() {
		var ids []chunk.ID
		for _, x := range old.Extents {
			if !x.Hole() {
				ids = append(ids, x.ID)
			}
		}
		ok, err = r.w.Rely(ctx, ids)
	} else {
		ok, err = r.w.RelyTree(ctx, old.Tree)
	}
	if !ok || err != nil {
		return false, err
	}
	e.Extents, e.Tree = old.Extents, old.Tree
	r.o.Progress.files.Add(1)
	r.o.Progress.bytes.Add(e.Size)
	return true, nil
}

// reader is a goroutine that reads small files.
type reader struct {
	*run
	buf    []byte
	chunks [][]byte
	ids    []chunk.ID
}

// piece is what of the reader's buffer belongs to a file.
type piece struct {
	item        *item
	first, last int // of reader.chunks
}

// readBatch reads small files and puts their chunks, all in one call.
func (rd *reader) readBatch(ctx context.Context, f *folder, b *batch) {
	rd.reset(b)
	pieces := make([]piece, 0, len(b.items))
	for _, it := range b.items {
		first := len(rd.chunks)
		if ctx.Err() != nil {
			it.err = context.Cause(ctx)
		} else if err := rd.readSmall(ctx, f, it); err != nil {
			it.skip = true
			f.warn(f.join(it.entry.Name), err)
		}
		pieces = append(pieces, piece{it, first, len(rd.chunks)})
	}
	rd.ids = append(rd.ids[:0], make([]chunk.ID, len(rd.chunks))...)
	err := f.w.Put(ctx, rd.chunks, rd.ids)
	for _, p := range pieces {
		if err != nil {
			p.item.err = err
		}
		for i := p.first; i < p.last; i++ {
			p.item.entry.Extents = append(p.item.entry.Extents, tree.Extent{ID: rd.ids[i], Length: int64(len(rd.chunks[i]))})
		}
	}
}

// reset makes room for the batch: every file's bytes, and one more each to notice growth.
func (rd *reader) reset(b *batch) {
	need := int(b.bytes) + len(b.items)
	if cap(rd.buf) < need {
		rd.buf = make([]byte, 0, max(need, batchBytes+batchBytes/2))
	}
	rd.buf, rd.chunks = rd.buf[:0], rd.chunks[:0]
}

// readSmall reads one file into the buffer and cuts it. An error means that nothing of it is there.
func (rd *reader) readSmall(ctx context.Context, f *folder, it *item) error {
	path := f.join(it.entry.Name)
	file, err := f.dir.OpenFile(ctx, it.entry.Name)
	if err != nil {
		return err
	}
	defer file.Close()
	room := rd.buf[len(rd.buf) : len(rd.buf)+int(it.entry.Size)+1]
	n, err := readUpTo(file, room)
	if err != nil {
		return fmt.Errorf("read: %w", err)
	}
	if err := f.dir.Detail(ctx, &it.entry); err != nil {
		f.warn(path, err)
	}
	f.checkChange(file, &it.entry, int64(n), path)
	n = min(n, int(it.entry.Size)) // what has grown is saved as it was listed
	it.entry.Size = int64(n)
	rd.cut(room[:n])
	rd.buf = rd.buf[:len(rd.buf)+n]
	f.o.Progress.files.Add(1)
	f.o.Progress.bytes.Add(int64(n))
	f.o.Progress.bytesRead.Add(int64(n))
	return nil
}

func (rd *reader) cut(data []byte) {
	for len(data) > 0 {
		n := rd.content.Cut(data)
		rd.chunks = append(rd.chunks, data[:n:n])
		data = data[n:]
	}
}

// readUpTo reads until p is full or the file ends.
func readUpTo(r io.Reader, p []byte) (n int, err error) {
	for n < len(p) && err == nil {
		var m int
		m, err = r.Read(p[n:])
		n += m
	}
	if errors.Is(err, io.EOF) {
		err = nil
	}
	return n, err
}

// checkChange warns if a file is no longer what it was when the folder was listed.
func (r *run) checkChange(file source.File, e *tree.Entry, read int64, path string) {
	now, err := file.Stat()
	if err != nil {
		r.warn(path, err)
		return
	}
	changed := now.Type != 0 && (now.ModTime != e.ModTime || now.Size != e.Size)
	if changed || read != e.Size {
		r.warn(path, fmt.Errorf("changed while it was being read (%d bytes listed, %d read)", e.Size, read))
	}
}
