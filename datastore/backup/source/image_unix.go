//go:build linux || darwin || freebsd

package source

import (
	"errors"
	"fmt"
	"io"

	"golang.org/x/sys/unix"

	"github.com/heirloom-backup/heirloom/datastore/tree"
)

// imageFile is an open disk image.
type imageFile struct {
	sparseFile
	past pastCache // nil: it is read through the cache
}

// pastCache reads a file without leaving it in the system's page cache.
type pastCache interface {
	io.ReaderAt
	close() error
}

func (*imageFile) ZerosAreHoles() {}

func openImage(path, name string) (File, error) {
	fd, err := openAt(unix.AT_FDCWD, path, openFlags)
	if err != nil {
		return nil, err
	}
	f := &imageFile{sparseFile: sparseFile{localFile: localFile{fd: fd, folder: path[:len(path)-len(name)], name: name}}}
	if f.size, err = f.measure(); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	f.past = readAhead(fd, f.size)
	return f, nil
}

func (f *imageFile) ReadAt(p []byte, offset int64) (int, error) {
	if f.past == nil || f.fd < 0 {
		return f.sparseFile.ReadAt(p, offset)
	}
	n, err := f.past.ReadAt(p, offset)
	if err != nil && err != io.EOF {
		err = pathError("read", f.path(), err)
	}
	return n, err
}

// Read goes on where the last one ended.
func (f *imageFile) Read(p []byte) (int, error) {
	n, err := f.ReadAt(p, f.offset)
	f.offset += int64(n)
	if n > 0 && err == io.EOF {
		err = nil // the next one says so
	}
	return n, err
}

func (f *imageFile) Close() error {
	if f.past == nil {
		return f.localFile.Close()
	}
	err := f.past.close()
	f.past = nil
	return errors.Join(err, f.localFile.Close())
}

// measure returns the image's size in bytes.
func (f *imageFile) measure() (int64, error) {
	var s status
	if err := f.status(&s); err != nil {
		return 0, err
	}
	switch s.format() {
	case unix.S_IFREG:
		return s.Stat_t.Size, nil
	case unix.S_IFBLK, unix.S_IFCHR:
		size, err := diskSize(f.fd)
		if err != nil {
			return 0, fmt.Errorf("%w of a known size: %w", errNoImage, err)
		}
		return size, nil
	default:
		return 0, errNoImage
	}
}

// Stat of a disk tells who may read it and its size. Its times and inode are those of a name in /dev.
func (f *imageFile) Stat() (tree.Entry, error) {
	e, err := f.sparseFile.Stat()
	if err != nil {
		return e, err
	}
	if e.Type == tree.File {
		e.Link = 0
		return e, nil
	}
	return tree.Entry{Name: e.Name, Type: tree.File, Mode: e.Mode, UID: e.UID, GID: e.GID, Size: f.size}, nil
}
