//go:build linux || darwin || freebsd

package source

import (
	"io"

	"golang.org/x/sys/unix"
)

// sparseFile is a file with holes. Other files do without the two calls it takes to find that out.
type sparseFile struct {
	localFile
	size int64 // bytes, when it was opened
}

func (f *sparseFile) NextData(offset int64) (start, end int64, err error) {
	if offset >= f.size {
		return 0, 0, io.EOF
	}
	start, err = f.seek(offset, unix.SEEK_DATA)
	switch err {
	case nil:
	case unix.ENXIO:
		return 0, 0, io.EOF
	case unix.EINVAL, unix.ENOTSUP, unix.ENOTTY: // a device, or a file system that does not tell
		return offset, f.size, nil
	default:
		return 0, 0, pathError("find data in", f.path(), err)
	}
	end, err = f.seek(start, unix.SEEK_HOLE)
	if err == unix.ENXIO { // cut off since
		return 0, 0, io.EOF
	}
	if err != nil {
		return 0, 0, pathError("find holes in", f.path(), err)
	}
	return start, end, nil
}

func (f *sparseFile) seek(offset int64, whence int) (int64, error) {
	for {
		at, err := unix.Seek(f.fd, offset, whence)
		if err != unix.EINTR {
			return at, err
		}
	}
}
