package restore

import (
	"errors"
	"fmt"
	"os"

	"golang.org/x/sys/unix"

	"github.com/heirloom-backup/heirloom/datastore/tree"
)

// setTimes sets the modification time of name itself, and leaves the access time.
func setTimes(in *folder, name string, _ *os.File, e *tree.Entry) error {
	dir, err := in.handle()
	if err != nil {
		return err
	}
	ts := []unix.Timespec{{Nsec: unix.UTIME_OMIT}, {Sec: e.ModTime.Sec, Nsec: int64(e.ModTime.Nsec)}}
	return os.NewSyscallError("utimensat", unix.UtimesNanoAt(int(dir.Fd()), name, ts, unix.AT_SYMLINK_NOFOLLOW))
}

// makeNode makes a FIFO or device. FreeBSD makes sockets only by binding them.
func makeNode(in *folder, name string, e *tree.Entry) error {
	dir, err := in.handle()
	if err != nil {
		return err
	}
	kind := map[tree.Type]uint32{tree.FIFO: unix.S_IFIFO, tree.CharDevice: unix.S_IFCHR, tree.BlockDevice: unix.S_IFBLK}[e.Type]
	if kind == 0 {
		return fmt.Errorf("%s: %w", e.Type, errors.ErrUnsupported)
	}
	err = unix.Mknodat(int(dir.Fd()), name, kind|0o600, unix.Mkdev(e.Major, e.Minor))
	return os.NewSyscallError("mknodat", err)
}
