package restore

import (
	"errors"
	"fmt"
	"os"
	"unsafe"

	"golang.org/x/sys/unix"

	"github.com/heirloom-backup/heirloom/datastore/tree"
)

const syncsEach = false // syncAll does it

// syncAll brings the file system that dir is on to stable storage.
func syncAll(dir *os.File) error { return os.NewSyscallError("syncfs", unix.Syncfs(int(dir.Fd()))) }

// setTimes sets the modification time of f or, if that is nil, of name itself, and leaves the access time.
func setTimes(in *folder, name string, f *os.File, e *tree.Entry) error {
	ts := [2]unix.Timespec{{Nsec: unix.UTIME_OMIT}, timespec(e.ModTime)}
	if f != nil {
		return os.NewSyscallError("futimens", futimens(f, &ts))
	}
	dir, err := in.handle()
	if err != nil {
		return err
	}
	return os.NewSyscallError("utimensat", unix.UtimesNanoAt(int(dir.Fd()), name, ts[:], unix.AT_SYMLINK_NOFOLLOW))
}

// futimens is utimensat without a path, which the unix package does not offer.
func futimens(f *os.File, ts *[2]unix.Timespec) error {
	_, _, errno := unix.Syscall6(unix.SYS_UTIMENSAT, f.Fd(), 0, uintptr(unsafe.Pointer(ts)), 0, 0, 0)
	if errno != 0 {
		return errno
	}
	return nil
}

func timespec(t tree.Time) (ts unix.Timespec) {
	ts.Sec, ts.Nsec = int64(t.Sec), int64(t.Nsec)
	return ts
}

// setAttributeAt sets an attribute of name itself. There is no system call that takes a folder and a name, but the
// folder has a name under /proc that is safe to use: only its last part, which is not followed, is in the folder.
func setAttributeAt(in *folder, name string, a tree.Xattr) error {
	dir, err := in.handle()
	if err != nil {
		return err
	}
	return unix.Lsetxattr(fmt.Sprintf("/proc/self/fd/%d/%s", dir.Fd(), name), a.Name, a.Value, 0)
}

// makeNode makes a FIFO, socket or device.
func makeNode(in *folder, name string, e *tree.Entry) error {
	dir, err := in.handle()
	if err != nil {
		return err
	}
	kind := map[tree.Type]uint32{tree.FIFO: unix.S_IFIFO, tree.Socket: unix.S_IFSOCK,
		tree.CharDevice: unix.S_IFCHR, tree.BlockDevice: unix.S_IFBLK}[e.Type]
	if kind == 0 {
		return fmt.Errorf("%s: %w", e.Type, errors.ErrUnsupported)
	}
	err = unix.Mknodat(int(dir.Fd()), name, kind|0o600, int(unix.Mkdev(e.Major, e.Minor)))
	return os.NewSyscallError("mknodat", err)
}

// allocate makes room for a range of f, where the file system can.
func allocate(f *os.File, offset, length int64) error {
	err := unix.Fallocate(int(f.Fd()), unix.FALLOC_FL_KEEP_SIZE, offset, length)
	if errors.Is(err, errors.ErrUnsupported) || errors.Is(err, unix.EINTR) {
		return nil
	}
	return os.NewSyscallError("fallocate", err)
}

// zeroRange makes a range of a device read as zeros without writing them, or fails.
func zeroRange(f *os.File, offset, length int64) error {
	return unix.Fallocate(int(f.Fd()), unix.FALLOC_FL_PUNCH_HOLE|unix.FALLOC_FL_KEEP_SIZE, offset, length)
}
