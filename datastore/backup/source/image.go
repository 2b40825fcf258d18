package source

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"

	"github.com/heirloom-backup/heirloom/datastore"
)

// ImageFile is a raw disk image: a regular file, or where the system has such a thing a disk itself, which is recorded
// as a regular file of its size. Symlinks to it are followed.
//
// The File implements ZeroHoles and, on Linux, FreeBSD and macOS, Sparse. Its extended attributes are not saved. A
// disk's times say nothing about its content, so they are recorded as zero.
func ImageFile(path string) Source { return &image{path} }

type image struct{ path string }

var errNoImage = errors.New("it is neither a regular file nor a disk")

func (i *image) Open(ctx context.Context) (*Root, error) {
	root, err := i.open(ctx)
	if err != nil {
		return nil, fmt.Errorf("open source %s: %w", i.path, bare(err))
	}
	return root, nil
}

func (i *image) open(ctx context.Context) (*Root, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	path, err := filepath.Abs(i.path)
	if err != nil {
		return nil, err
	}
	f, err := openImage(path, baseName(path))
	if err != nil {
		return nil, err
	}
	e, err := f.Stat()
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return &Root{Entry: e, Kind: datastore.Image, File: f, Paths: []string{path}}, nil
}

// IsImage says which source fits a path given by a person: true for a regular file or a disk (ImageFile), false for a
// folder (Folder). Symlinks are followed. It fails for anything else.
func IsImage(path string) (bool, error) {
	info, err := os.Stat(path)
	if err != nil {
		return false, fmt.Errorf("source %s: %w", path, bare(err))
	}
	switch mode := info.Mode(); {
	case mode.IsDir():
		return false, nil
	case mode.IsRegular(), isDisk(mode):
		return true, nil
	default:
		return false, fmt.Errorf("source %s: it is neither a folder, a regular file nor a disk (%v)", path, mode)
	}
}

// isDisk says whether a file of this mode is a disk. BSDs have character devices for them, and on others of these the
// question for a size fails.
func isDisk(mode os.FileMode) bool {
	if mode&os.ModeCharDevice != 0 {
		return runtime.GOOS == "freebsd" || runtime.GOOS == "darwin"
	}
	return mode&os.ModeDevice != 0
}
