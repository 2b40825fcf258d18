package dirstore

import (
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"

	"github.com/heirloom-backup/heirloom/datastore/backend"
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
	if err := b.disk.mkdir(folder, b.options.DirMode); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	if err := b.disk.syncFolder(above); err != nil {
		return err
	}
	b.durable.Store(folder, struct{}{})
	return nil
}

// makeFolder makes the store folder itself and those above it, durably. One that exists may have been made a moment ago,
// like any folder of the store; but where the one above is closed to us, it was not us or our like who made it.
func makeFolder(dir string, mode fs.FileMode, newDisk func(*os.Root) disk) error {
	above, name := filepath.Dir(dir), filepath.Base(dir)
	_, err := os.Stat(dir)
	switch {
	case err == nil:
		err = change(above, newDisk, func(d disk) error { return d.syncFolder(".") })
		if errors.Is(refused(err), backend.ErrReadOnly) {
			return nil
		}
		return err
	case !errors.Is(err, fs.ErrNotExist):
		return err
	}
	if err := makeFolder(above, mode, newDisk); err != nil {
		return err
	}
	return change(above, newDisk, func(d disk) error {
		if err := d.mkdir(name, mode); err != nil && !errors.Is(err, fs.ErrExist) {
			return err
		}
		return d.syncFolder(".")
	})
}

// change calls do with the disk of a folder that is open for as long as that takes.
func change(folder string, newDisk func(*os.Root) disk, do func(disk) error) error {
	root, err := os.OpenRoot(folder)
	if err != nil {
		return err
	}
	defer root.Close()
	return do(newDisk(root))
}

// syncAbsence makes it durable that name is gone, whoever removed it: another process may have done so without having
// synced yet.
func (b *Backend) syncAbsence(name string) error {
	err := b.disk.syncFolder(path.Dir(name))
	if missing(err) { // then the folder is gone as well
		return nil
	}
	return err
}
