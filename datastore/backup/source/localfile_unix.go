//go:build linux || darwin || freebsd

package source

import (
	"errors"
	"io"
	"io/fs"

	"golang.org/x/sys/unix"

	"github.com/heirloom-backup/heirloom/datastore/tree"
)

// file opens a regular file of the folder, whose path only serves for messages.
func (h *handle) file(name, folder string) (File, error) {
	fd, err := openAt(h.fd, name, openFlags|unix.O_NOFOLLOW)
	if isSymlink(err) || errors.Is(err, unix.ENXIO) { // a socket cannot be opened
		return nil, ErrReplaced
	}
	if err != nil {
		return nil, err
	}
	f := localFile{fd: fd, folder: folder, name: name}
	var s status
	switch err := f.status(&s); {
	case err != nil:
		return nil, errors.Join(err, f.Close())
	case !s.isRegular():
		return nil, errors.Join(ErrReplaced, f.Close())
	case s.hasHoles():
		return &sparseFile{f, s.Stat_t.Size}, nil
	}
	return &f, nil
}

// localFile reads a file by its bare descriptor: an os.File would, for every file, ask the runtime's poller to watch
// what cannot be watched.
type localFile struct {
	fd           int
	folder, name string
	offset       int64 // of the next Read; kept here because to look for holes moves the descriptor's own
}

const maxRead = 1 << 30 // bytes in one call; some systems refuse 2 GiB and more

func (f *localFile) Read(p []byte) (int, error) {
	n, err := f.pread(p, f.offset)
	f.offset += int64(n)
	return n, err
}

func (f *localFile) ReadAt(p []byte, offset int64) (int, error) {
	done := 0
	for done < len(p) {
		n, err := f.pread(p[done:], offset+int64(done))
		done += n
		if err != nil {
			return done, err
		}
	}
	return done, nil
}

// pread reads once, and says io.EOF instead of reading nothing.
func (f *localFile) pread(p []byte, offset int64) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	n, err := pread(f.fd, p[:min(len(p), maxRead)], offset)
	if err != nil {
		return 0, pathError("read", f.path(), err)
	}
	if n == 0 {
		return 0, io.EOF
	}
	return n, nil
}

// pread reads once, whatever signals interrupt it. With an error it has read nothing.
func pread(fd int, p []byte, offset int64) (int, error) {
	for {
		n, err := unix.Pread(fd, p, offset)
		if err != unix.EINTR {
			return max(n, 0), err
		}
	}
}

func (f *localFile) Stat() (tree.Entry, error) {
	var s status
	if err := f.status(&s); err != nil {
		return tree.Entry{}, pathError("stat", f.path(), err)
	}
	return s.entry(f.name)
}

func (f *localFile) status(s *status) error {
	return retry(func() error { return unix.Fstat(f.fd, &s.Stat_t) })
}

// Close may be called again; the descriptor's number may be someone else's by then and is not used any more.
func (f *localFile) Close() error {
	if f.fd < 0 {
		return fs.ErrClosed
	}
	fd := f.fd
	f.fd = -1
	if err := unix.Close(fd); err != nil && err != unix.EINTR {
		return pathError("close", f.path(), err)
	}
	return nil
}

func (f *localFile) path() string { return joinPath(f.folder, f.name) }
