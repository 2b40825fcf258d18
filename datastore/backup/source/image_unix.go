//go:build linux || darwin || freebsd

package source

import (
	"errors"
	"fmt"

	"golang.org/x/sys/unix"

	"github.com/heirloom-backup/heirloom/datastore/tree"
)

// imageFile is an open disk image.
type imageFile struct{ sparseFile }

func (*imageFile) ZerosAreHoles() {}

func openImage(path, name string) (File, error) {
	fd, err := openAt(unix.AT_FDCWD, path, openFlags)
	if err != nil {
		return nil, err
	}
	f := &imageFile{sparseFile{localFile: localFile{fd: fd, folder: path[:len(path)-len(name)], name: name}}}
	if f.size, err = f.measure(); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
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
