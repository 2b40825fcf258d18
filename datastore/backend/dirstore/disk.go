package dirstore

import (
	"errors"
	"io"
	"io/fs"
	"os"
)

// disk is how a folder is changed, and how changes are made to survive a loss of power. What it does not promise on its
// own is what tests take away: a file's content until Sync, and a name until syncFolder. Paths are relative to the
// folder; each error is that of the operating system.
type disk interface {
	create(name string, mode fs.FileMode) (file, error) // fails with fs.ErrExist where there is something
	link(old, new string) error                         // likewise
	rename(old, new string) error
	remove(name string) error
	mkdir(folder string, mode fs.FileMode) error
	syncFolder(folder string) error // of the names in it, not of the files
}

// file is a new file. Its content is durable when Sync has returned.
type file interface {
	io.WriteCloser
	Sync() error
}

// rootDisk is the disk of the operating system.
type rootDisk struct{ root *os.Root }

func newRootDisk(root *os.Root) disk { return rootDisk{root} }

func (d rootDisk) create(name string, mode fs.FileMode) (file, error) {
	f, err := d.root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if err != nil {
		return nil, err // and not f, which would be no nil file
	}
	return rootFile{f}, nil
}

// rootFile is a file of the operating system.
type rootFile struct{ *os.File }

func (f rootFile) Write(p []byte) (int, error) {
	past := writePast(f.File, p)
	n, err := f.File.Write(p[past:])
	return past + n, err
}

func (d rootDisk) link(old, new string) error   { return d.root.Link(old, new) }
func (d rootDisk) rename(old, new string) error { return d.root.Rename(old, new) }
func (d rootDisk) remove(name string) error     { return d.root.Remove(name) }

func (d rootDisk) mkdir(folder string, mode fs.FileMode) error { return d.root.Mkdir(folder, mode) }

func (d rootDisk) syncFolder(folder string) error {
	f, err := d.root.Open(folder)
	if err != nil {
		return err
	}
	return errors.Join(syncOpenFolder(f), f.Close())
}
