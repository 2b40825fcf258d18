package restore

import (
	"io/fs"

	"golang.org/x/sys/windows"
)

const (
	keepsOwners  = false
	syncsFolders = false // Windows cannot
)

// freeBytes returns how much the user may still write to the volume that dir is on.
func freeBytes(dir string) (int64, error) {
	name, err := windows.UTF16PtrFromString(dir)
	if err != nil {
		return 0, err
	}
	var free uint64
	if err := windows.GetDiskFreeSpaceEx(name, &free, nil, nil); err != nil {
		return 0, &fs.PathError{Op: "GetDiskFreeSpaceEx", Path: dir, Err: err}
	}
	return int64(free), nil
}

func openLimit() int64 { return 1 << 20 } // there is hardly one

func inode(fs.FileInfo) uint64 { return 0 }
