//go:build !linux && !darwin && !freebsd

package source

import (
	"errors"
	"os"

	"github.com/heirloom-backup/heirloom/datastore/tree"
)

// localFile is an open file of the file system.
type localFile struct {
	file *os.File
	name string
}

func (f *localFile) Read(p []byte) (int, error) { return f.file.Read(p) }

func (f *localFile) Stat() (tree.Entry, error) {
	info, err := f.file.Stat()
	if err != nil {
		return tree.Entry{}, err
	}
	return entryOf(f.name, info)
}

func (f *localFile) Close() error { return f.file.Close() }

// imageFile is an open disk image.
type imageFile struct{ localFile }

func (*imageFile) ZerosAreHoles() {}

// openImage opens a disk image. To save a disk itself takes more than a path here, so it is refused.
func openImage(path, name string) (File, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = errNoImage
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return &imageFile{localFile{f, name}}, nil
}
