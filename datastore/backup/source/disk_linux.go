package source

import "golang.org/x/sys/unix"

// diskSize returns the size in bytes of an open disk. On a character device, which has none, it fails or is zero.
func diskSize(fd int) (int64, error) {
	size, err := unix.Seek(fd, 0, unix.SEEK_END)
	if err == nil && size == 0 {
		err = unix.ENODEV
	}
	return size, err
}
