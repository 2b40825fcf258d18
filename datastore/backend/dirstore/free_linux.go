package dirstore

import "golang.org/x/sys/unix"

func freeBytes(dir string) (int64, error) {
	var s unix.Statfs_t
	if err := unix.Statfs(dir, &s); err != nil {
		return 0, err
	}
	unit := int64(s.Frsize) // Bavail counts fragments; a few file systems report a larger Bsize
	if unit == 0 {
		unit = int64(s.Bsize)
	}
	return int64(s.Bavail) * unit, nil
}
