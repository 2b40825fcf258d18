package source

import "golang.org/x/sys/unix"

// Of <sys/disk.h>: DKIOCGETBLOCKSIZE answers with 32 bits and DKIOCGETBLOCKCOUNT with 64.
const (
	blockSize  = 0x40046418
	blockCount = 0x40086419
)

// diskSize returns the size in bytes of an open disk.
func diskSize(fd int) (int64, error) {
	size, err := unix.IoctlGetInt(fd, blockSize)
	if err != nil {
		return 0, err
	}
	count, err := unix.IoctlGetInt(fd, blockCount)
	return int64(size) * int64(count), err
}
