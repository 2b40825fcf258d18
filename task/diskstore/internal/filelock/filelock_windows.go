package filelock

import (
	"errors"
	"os"

	"golang.org/x/sys/windows"
)

// TryExclusive locks f against everybody else, or returns ErrHeld. It does not wait. The lock goes with f's handle.
func TryExclusive(f *os.File) error { return try(f, windows.LOCKFILE_EXCLUSIVE_LOCK) }

// TryShared locks f against those who want it exclusively, or returns ErrHeld. It does not wait.
func TryShared(f *os.File) error { return try(f, 0) }

func try(f *os.File, how uint32) error {
	how |= windows.LOCKFILE_FAIL_IMMEDIATELY
	err := windows.LockFileEx(windows.Handle(f.Fd()), how, 0, 1, 0, new(windows.Overlapped))
	switch {
	case errors.Is(err, windows.ERROR_LOCK_VIOLATION):
		return ErrHeld
	case err != nil:
		return &os.PathError{Op: "LockFileEx", Path: f.Name(), Err: err}
	}
	return nil
}
