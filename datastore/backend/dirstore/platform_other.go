//go:build !windows

package dirstore

import (
	"errors"
	"os"
	"syscall"
)

// syncOpenFolder flushes a folder's names. A file system that has no such operation answers with one of the errors
// passed over here; it offers no other way, so its promise is all there is.
func syncOpenFolder(f *os.File) error {
	err := f.Sync()
	if errors.Is(err, syscall.EINVAL) || errors.Is(err, errors.ErrUnsupported) {
		return nil
	}
	return err
}

func writeProtected(error) bool { return false } // EROFS says it

// noLinks reports that the file system may have no hard links. Linux says EPERM then, which is also what a lack of
// permission looks like: trying the other way tells them apart.
func noLinks(err error) bool {
	return errors.Is(err, errors.ErrUnsupported) || errors.Is(err, syscall.EPERM)
}

func diskFull(err error) error { return err } // ENOSPC says it
