//go:build !linux && !freebsd

package restore

import (
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/heirloom-backup/heirloom/datastore/tree"
)

// setTimes sets the modification time of name, and leaves the access time. The system calls for symlinks either do
// not exist or take paths that could lead elsewhere.
func setTimes(in *folder, name string, _ *os.File, e *tree.Entry) error {
	if e.Type == tree.Symlink {
		return errNoSymlinkTimes
	}
	return in.root.Chtimes(name, time.Time{}, time.Unix(e.ModTime.Sec, int64(e.ModTime.Nsec)))
}

func makeNode(_ *folder, _ string, e *tree.Entry) error {
	return fmt.Errorf("%s: %w", e.Type, errors.ErrUnsupported)
}
