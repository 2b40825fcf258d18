//go:build unix

package filelock

import (
	"errors"
	"os"

	"golang.org/x/sys/unix"
)

// TryExclusive locks f against everybody else, or returns ErrHeld. It does not wait. The lock goes with f's descriptor.
func TryExclusive(f *os.File) error { return try(f, unix.LOCK_EX) }

// TryShared locks f against those who want it exclusively, or returns ErrHeld. It does not wait.
func TryShared(f *os.File) error { return try(f, unix.LOCK_SH) }

// try takes a lock of the whole file by flock(2), which belongs to the open file, and so works among the goroutines of
// one process as well.
func try(f *os.File, how int) error {
	for {
		err := unix.Flock(int(f.Fd()), how|unix.LOCK_NB)
		switch {
		case errors.Is(err, unix.EINTR):
			continue
		case errors.Is(err, unix.EWOULDBLOCK):
			return ErrHeld
		case err != nil:
			return &os.PathError{Op: "flock", Path: f.Name(), Err: err}
		}
		return nil
	}
}
