//go:build darwin || freebsd

package dirstore

import "golang.org/x/sys/unix"

func freeBytes(dir string) (int64, error) {
	var s unix.Statfs_t
	if err := unix.Statfs(dir, &s); err != nil {
		return 0, err
	}
	return max(int64(s.Bavail), 0) * int64(s.Bsize), nil // Bavail is negative when root has used the reserve
}
