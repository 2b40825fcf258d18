// Package dirstore keeps a store's objects as files of a local directory.
//
// An object's name is its path below the directory. Objects are written to a temporary file, made durable, and only
// then given their name, so that a reader or a crash at any moment finds whole objects only. Temporary files lie in the
// folder "+tmp", which no object can be in because "+" is not legal in a name; a crash leaves at most such files.
// Everything goes through os.Root: no name and no symbolic link leads out of the directory.
//
// Folders are made when the first object needs them and are never removed, not even empty ones: a removal could come
// between another process's making of a folder and its first use.
package dirstore

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// ErrGone says that the path of the store no longer leads to the folder that was opened: it was removed, replaced, or
// its file system unmounted or covered by another. It is never reported as missing objects or an empty listing.
var ErrGone = errors.New("store folder is gone or was replaced")

// Options of Open. The zero value opens a folder that exists, for reading and writing.
type Options struct {
	Create   bool             // make the folder, and those above it, if it does not exist
	ReadOnly bool             // Put and Delete fail with backend.ErrReadOnly, and litter stays
	FileMode fs.FileMode      // of new objects, less the umask; 0 means 0600
	DirMode  fs.FileMode      // of new folders, less the umask; 0 means 0700
	Now      func() time.Time // tells the age of litter; nil means time.Now
}

func (o Options) withDefaults() Options {
	if o.FileMode == 0 {
		o.FileMode = 0o600
	}
	if o.DirMode == 0 {
		o.DirMode = 0o700
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	return o
}

// Backend is an open directory. It is safe for concurrent use, and any number of processes may have one directory open.
type Backend struct {
	dir     string // absolute
	root    *os.Root
	options Options
	durable sync.Map // folders whose entry in the folder above is known to be on disk: path -> struct{}

	disk     disk       // the same folder, for changes; replaced in tests
	renaming sync.Mutex // held by a goroutine that renames for want of links
}

// Open opens the store folder dir. Opened for writing, it also removes temporary files that crashed processes left
// more than a day ago; a failure to do so is no failure of Open. A folder without write permission can be opened: it
// reads, and its Put and Delete fail with backend.ErrReadOnly.
func Open(dir string, o Options) (*Backend, error) { return open(dir, o, newRootDisk) }

func open(dir string, o Options, newDisk func(*os.Root) disk) (*Backend, error) {
	if dir == "" {
		return nil, errors.New("open store folder: the path is empty")
	}
	path, err := filepath.Abs(dir)
	if err != nil {
		return nil, fmt.Errorf("open store folder %s: %w", dir, err)
	}
	o = o.withDefaults()
	if o.Create && !o.ReadOnly {
		if err := makeFolder(path, o.DirMode, newDisk); err != nil {
			return nil, fmt.Errorf("make store folder %s: %w", path, err)
		}
	}
	root, err := openRoot(path)
	if err != nil {
		return nil, fmt.Errorf("open store folder %s: %w", path, err)
	}
	b := &Backend{dir: path, root: root, options: o, disk: newDisk(root)}
	if !o.ReadOnly {
		b.removeLitter()
	}
	return b, nil
}

func openRoot(path string) (*os.Root, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.IsDir() {
		return nil, errors.New("it is a file, not a folder")
	}
	return os.OpenRoot(path)
}

// Close releases the folder. Nothing else may be called afterwards; readers that are open stay usable.
func (b *Backend) Close() error { return b.root.Close() }

// Dir implements backend.Local.
func (b *Backend) Dir() string { return b.dir }

// check returns ErrGone unless the store's path still leads to the open folder. Without it, an unmounted disk would
// look like an empty store.
func (b *Backend) check() error {
	open, err := b.root.Stat(".")
	if err != nil {
		return err
	}
	there, err := os.Stat(b.dir)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrGone, hideNotExist(err))
	}
	if !os.SameFile(open, there) {
		return fmt.Errorf("%w: another folder lies at %s", ErrGone, b.dir)
	}
	return nil
}
