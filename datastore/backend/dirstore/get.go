package dirstore

import (
	"context"
	"fmt"
	"io"
	"os"

	"github.com/heirloom-backup/heirloom/datastore/backend"
)

// Get implements backend.Backend. The reader reads the file itself, and is also an io.ReaderAt and an io.Seeker of the
// range asked for.
func (b *Backend) Get(ctx context.Context, name string, offset, length int64) (io.ReadCloser, error) {
	r, err := b.get(ctx, name, offset, length)
	if err != nil {
		return nil, b.failed("get", name, err)
	}
	return r, nil
}

func (b *Backend) get(ctx context.Context, name string, offset, length int64) (io.ReadCloser, error) {
	if err := b.admit(ctx, name); err != nil {
		return nil, err
	}
	if offset < 0 {
		return nil, backend.Permanent(fmt.Errorf("offset %d is negative", offset))
	}
	f, err := b.root.Open(name)
	if missing(err) {
		return nil, b.absent()
	}
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err == nil && !info.Mode().IsRegular() { // a folder of objects
		err = b.absent()
	}
	if err != nil {
		f.Close()
		return nil, err
	}
	return newSection(f, info.Size(), offset, length), nil
}

// absent says that an object does not exist, provided the store folder is there to tell.
func (b *Backend) absent() error {
	if err := b.check(); err != nil {
		return err
	}
	return backend.ErrNotFound
}

// section is a range of an open file.
type section struct {
	*io.SectionReader
	file *os.File
}

func (s *section) Close() error { return s.file.Close() }

func newSection(f *os.File, size, offset, length int64) *section {
	left := max(size-offset, 0)
	if length < 0 || length > left {
		length = left
	}
	return &section{io.NewSectionReader(f, offset, length), f}
}
