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

// smallFile is the size, in bytes, from which on files are not read in batches but each by itself, piece by piece.
const smallFile = 512 << 10

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
		f.jobs <- &job{big: func() {
			defer close(it.done)
			it.err = f.bigFile(ctx, it)
		}}
		return
	}
	if f.batch == nil {
		f.batch = &batch{folder: f, done: make(chan struct{})}
	}
	if f.batch.add(it) {
		f.sendBatch()
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
