package dirstore

import (
	"os"

	"golang.org/x/sys/unix"
)

const (
	pastFrom  = 1 << 20 // bytes from which on an object is written past the page cache
	alignment = 4 << 10 // bytes: a multiple of what disks ask of writes past it
)

// writePast writes the beginning of p past the page cache, where the file system allows it, and returns how much that was.
// An object is not read soon after it was written, and what goes through the cache is copied, and drives out what other
// programs need. What could not be written this way is written through the cache, and its error is the one that counts.
func writePast(f *os.File, p []byte) int {
	if len(p) < pastFrom || setDirect(f, true) != nil {
		return 0
	}
	n, _ := f.Write(p[:len(p)/alignment*alignment])
	_ = setDirect(f, false) // should it fail, the rest is refused, and so is the object
	return n
}

func setDirect(f *os.File, on bool) error {
	flags, err := unix.FcntlInt(f.Fd(), unix.F_GETFL, 0)
	if err != nil {
		return err
	}
	if on {
		flags |= unix.O_DIRECT
	} else {
		flags &^= unix.O_DIRECT
	}
	_, err = unix.FcntlInt(f.Fd(), unix.F_SETFL, flags)
	return err
}
