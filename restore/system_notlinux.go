//go:build !linux

package restore

import (
	"errors"
	"os"

	"github.com/heirloom-backup/heirloom/datastore/tree"
)

const syncsEach = true // there is no call that syncs a file system and waits

func syncAll(*os.File) error { return nil }

func setAttributeAt(*folder, string, tree.Xattr) error { return errors.ErrUnsupported }

func allocate(*os.File, int64, int64) error { return nil }

func zeroRange(*os.File, int64, int64) error { return errors.ErrUnsupported }
