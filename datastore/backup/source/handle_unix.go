//go:build linux || darwin || freebsd

package source

import (
	"errors"
	"io/fs"
	"os"
	"sync"

	"golang.org/x/sys/unix"
)

// handle is an open folder of the file system.
//
// It is a bare file descriptor and not an os.Root, which follows symlinks as long as they stay inside it; here none is
// to be followed, and to ask for one entry is to be one system call.
type handle struct {
	fd   int
	proc bool // Linux: /proc/self/fd exists

	listing sync.Mutex // the descriptor has one position
	listed  bool
}

const openFlags = unix.O_RDONLY | unix.O_CLOEXEC | unix.O_NONBLOCK

// openHandle opens a folder by its path and follows symlinks.
func openHandle(path string) (*handle, error) {
	fd, err := openAt(unix.AT_FDCWD, path, openFlags|unix.O_DIRECTORY)
	if err != nil {
		return nil, err
	}
	_, err = os.Stat("/proc/self/fd")
	return &handle{fd: fd, proc: err == nil}, nil // without it the folder can be saved too
}

// folder opens a folder in the folder.
func (h *handle) folder(name string) (*handle, error) {
	fd, err := openAt(h.fd, name, openFlags|unix.O_DIRECTORY|unix.O_NOFOLLOW)
	if errors.Is(err, unix.ENOTDIR) || isSymlink(err) {
		err = ErrReplaced
	}
	if err != nil {
		return nil, err
	}
	return &handle{fd: fd, proc: h.proc}, nil
}

// isSymlink says whether err is how an open with O_NOFOLLOW fails on a symlink; FreeBSD says EMLINK.
func isSymlink(err error) bool { return errors.Is(err, unix.ELOOP) || errors.Is(err, unix.EMLINK) }

// openAt opens a name without touching its access time where that is allowed: it is to the owner and to root.
func openAt(dir int, name string, flags int) (fd int, err error) {
	fd, err = openAgain(dir, name, flags|noAccessTime)
	if err == unix.EPERM && noAccessTime != 0 {
		fd, err = openAgain(dir, name, flags)
	}
	return fd, err
}

// openAgain is openat until no signal interrupts it, which happens on network file systems.
func openAgain(dir int, name string, flags int) (int, error) {
	for {
		fd, err := unix.Openat(dir, name, flags, 0)
		if err != unix.EINTR {
			return fd, err
		}
	}
}

func (h *handle) stat(s *status) error {
	return retry(func() error { return unix.Fstat(h.fd, &s.Stat_t) })
}

func (h *handle) lstat(name string, s *status) error {
	return retry(func() error { return unix.Fstatat(h.fd, name, &s.Stat_t, unix.AT_SYMLINK_NOFOLLOW) })
}

func statPath(path string, s *status) error {
	return retry(func() error { return unix.Stat(path, &s.Stat_t) })
}

// close may be called again; the descriptor's number may be someone else's by then and is not used any more.
func (h *handle) close() error {
	if h.fd < 0 {
		return fs.ErrClosed
	}
	fd := h.fd
	h.fd = -1
	return unix.Close(fd)
}

// retry calls a system call until no signal interrupts it.
func retry(call func() error) error {
	for {
		if err := call(); err != unix.EINTR {
			return err
		}
	}
}

// names reads the folder's names, unsorted: with an error, those it got.
func (h *handle) names() ([]string, error) {
	h.listing.Lock()
	defer h.listing.Unlock()
	if h.listed {
		if _, err := unix.Seek(h.fd, 0, unix.SEEK_SET); err != nil {
			return nil, err
		}
	}
	h.listed = true
	var names []string
	buf := make([]byte, 16<<10)
	for {
		n, err := unix.ReadDirent(h.fd, buf)
		switch {
		case err == unix.EINTR:
			continue
		case err != nil || n == 0:
			return names, err
		}
		_, _, names = unix.ParseDirent(buf[:n], -1, names)
	}
}

// readlink reads a symlink's target.
func (h *handle) readlink(name string) (string, error) {
	for size := 256; ; size *= 4 {
		buf := make([]byte, size)
		n, err := unix.Readlinkat(h.fd, name, buf)
		if err != nil {
			return "", err
		}
		if n < size {
			return string(buf[:n]), nil
		}
	}
}
