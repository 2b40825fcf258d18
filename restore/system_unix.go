//go:build unix

package restore

import (
	"io/fs"
	"syscall"

	"golang.org/x/sys/unix"
)

const (
	keepsOwners  = true
	syncsFolders = syncsEach
)

// freeBytes returns how much the user may still write to the file system that dir is on.
func freeBytes(dir string) (int64, error) {
	var st unix.Statfs_t
	if err := unix.Statfs(dir, &st); err != nil {
		return 0, &fs.PathError{Op: "statfs", Path: dir, Err: err}
	}
	return int64(st.Bavail) * int64(st.Bsize), nil
}

// openLimit returns how many files may be open at once.
func openLimit() int64 {
	var limit unix.Rlimit
	if unix.Getrlimit(unix.RLIMIT_NOFILE, &limit) != nil {
		return 256 // as good as everywhere allowed
	}
	return int64(min(uint64(limit.Cur), 1<<20))
}

// inode returns what recognises a file on its file system.
func inode(st fs.FileInfo) uint64 {
	if sys, ok := st.Sys().(*syscall.Stat_t); ok {
		return uint64(sys.Ino)
	}
	return 0
}
