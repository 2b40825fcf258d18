//go:build linux || darwin || freebsd

package history

import (
	"fmt"

	"golang.org/x/sys/unix"
)

// checkRoom refuses to begin where the disk may fill up: badger writes through mappings of files, and a process that
// does so on a full disk is killed.
func checkRoom(dir string) error {
	var s unix.Statfs_t
	if err := unix.Statfs(dir, &s); err != nil {
		return nil // some file systems cannot tell
	}
	if free := uint64(s.Bavail) * uint64(s.Bsize); free < minimumRoom {
		return fmt.Errorf("%w: %d bytes are free, and %d are needed to work", unix.ENOSPC, free, minimumRoom)
	}
	return nil
}

// minimumRoom is a journal, the table it becomes, and what merging a full first level takes, twice.
const minimumRoom = 64 << 20
