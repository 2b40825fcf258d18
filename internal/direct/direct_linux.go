package direct

import "golang.org/x/sys/unix"

// Alignment is what addresses, offsets and lengths of direct reads and writes are multiples of, in bytes: a page, which
// is a multiple of what disks ask for.
const Alignment = 4 << 10

// Set makes reads and writes of fd pass the page cache by, or go through it. An error means that the file system cannot,
// and that nothing has changed; some say so only when they are read or written (EINVAL).
func Set(fd int, on bool) error {
	flags, err := unix.FcntlInt(uintptr(fd), unix.F_GETFL, 0)
	if err != nil {
		return err
	}
	if on {
		flags |= unix.O_DIRECT
	} else {
		flags &^= unix.O_DIRECT
	}
	_, err = unix.FcntlInt(uintptr(fd), unix.F_SETFL, flags)
	return err
}
