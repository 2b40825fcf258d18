package backup

import (
	"context"
	"errors"

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
func (r *run) rootFile(ctx context.Context, file source.File, e, old *tree.Entry) error {
	if r.unchanged(e, old) {
		if ok, err := r.takeOverContent(ctx, e, old); ok || err != nil {
			return err
		}
	}
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
