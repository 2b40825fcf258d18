package dirstore

import (
	"errors"
	"fmt"
	"os"
	"syscall"

	"golang.org/x/sys/windows"
)

// syncOpenFolder does nothing: Windows cannot flush a folder, and NTFS keeps names in its journal.
func syncOpenFolder(*os.File) error { return nil }

func writeProtected(err error) bool { return errors.Is(err, windows.ERROR_WRITE_PROTECT) }

// noLinks reports that the file system has no hard links.
func noLinks(err error) bool {
	return errors.Is(err, errors.ErrUnsupported) || errors.Is(err, windows.ERROR_INVALID_FUNCTION)
}

// diskFull makes a full disk known under the name it has on other platforms.
func diskFull(err error) error {
	if errors.Is(err, windows.ERROR_DISK_FULL) || errors.Is(err, windows.ERROR_HANDLE_DISK_FULL) {
		return fmt.Errorf("%w: %w", syscall.ENOSPC, err)
	}
	return err
}
