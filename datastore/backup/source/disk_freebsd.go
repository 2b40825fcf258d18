package source

import "golang.org/x/sys/unix"

// mediaSize is DIOCGMEDIASIZE of <sys/disk.h>, which answers with an off_t.
const mediaSize = 0x40086481

// diskSize returns the size in bytes of an open disk.
func diskSize(fd int) (int64, error) {
	size, err := unix.IoctlGetInt(fd, mediaSize)
	return int64(size), err
}
