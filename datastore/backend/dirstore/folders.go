package dirstore

import (
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"
)

// makeDurable makes a folder of the store and those above it, and makes their names survive a crash.
//
// A folder that exists may have been made a moment ago by a process that has not synced it yet. So the first use of
// each folder by this process syncs the one above, whoever made it.
func (b *Backend) makeDurable(folder string) error {
	if folder == "." {
		return nil
	}
	if _, known := b.durable.Load(folder); known {
		return nil
	}
	above := path.Dir(folder)
	if err := b.makeDurable(above); err != nil {
		return err
	}
	if err := b.root.Mkdir(folder, b.options.DirMode); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	if err := b.syncFolder(above); err != nil {
		return err
	}
	b.durable.Store(folder, struct{}{})
	return nil
}

// syncFolder makes the names in a folder of the store durable.
func (b *Backend) syncFolder(folder string) error {
	f, err := b.root.Open(folder)
	if err != nil {
		return err
	}
	return errors.Join(syncOpenFolder(f), f.Close())
}

// makeFolder makes the store folder itself and those above it, durably.
func makeFolder(dir string, mode fs.FileMode) error {
	if _, err := os.Stat(dir); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	above := filepath.Dir(dir)
	if err := makeFolder(above, mode); err != nil {
		return err
	}
	if err := os.Mkdir(dir, mode); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	f, err := os.Open(above)
	if err != nil {
		return err
	}
	return errors.Join(syncOpenFolder(f), f.Close())
}

// syncAbsence makes it durable that name is gone, whoever removed it: another process may have done so without having
// synced yet.
func (b *Backend) syncAbsence(name string) error {
	err := b.syncFolder(path.Dir(name))
	if missing(err) { // then the folder is gone as well
		return nil
	}
	return err
}
