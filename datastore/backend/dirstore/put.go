package dirstore

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"path"

	"github.com/heirloom-backup/heirloom/datastore/backend"
)

const (
	tempFolder = "+tmp" // not a legal component of a name: no object lies here, and List passes it over
	tempSuffix = ".tmp"
)

// Put implements backend.Backend. It costs one fsync of the object and one of its folder. A full disk shows as
// syscall.ENOSPC in the error.
func (b *Backend) Put(ctx context.Context, name string, data []byte) error {
	if err := b.put(ctx, name, data); err != nil {
		return b.failed("put", name, refused(err))
	}
	return nil
}

func (b *Backend) put(ctx context.Context, name string, data []byte) error {
	if err := b.admitChange(ctx, name); err != nil {
		return err
	}
	if err := b.vacant(name); err != nil { // only to save writing in vain: publish decides
		return err
	}
	temp, err := b.writeTemp(data)
	if err != nil {
		return diskFull(err)
	}
	defer b.disk.remove(temp) // its other name is the object now, or there is none; a leftover is litter
	if err := ctx.Err(); err != nil {
		return err
	}
	return b.publish(temp, name)
}

// vacant returns nil if nothing has this name yet.
func (b *Backend) vacant(name string) error {
	info, err := b.root.Lstat(name)
	switch {
	case missing(err):
		return nil
	case err != nil:
		return err
	case info.IsDir():
		return errors.New("the name is that of a folder of objects")
	}
	return backend.ErrExist
}

// writeTemp stores data durably in a new temporary file and returns its path.
func (b *Backend) writeTemp(data []byte) (string, error) {
	temp := path.Join(tempFolder, rand.Text()+tempSuffix)
	f, err := b.createTemp(temp)
	if err != nil {
		return "", err
	}
	_, err = f.Write(data)
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		_ = b.disk.remove(temp) // best effort: what stays is litter
		return "", err
	}
	return temp, nil
}

// createTemp makes a file that must not exist yet, and the folder it lies in if need be.
func (b *Backend) createTemp(temp string) (file, error) {
	f, err := b.disk.create(temp, b.options.FileMode)
	if !errors.Is(err, fs.ErrNotExist) {
		return f, err
	}
	if err := b.disk.mkdir(tempFolder, b.options.DirMode); err != nil && !errors.Is(err, fs.ErrExist) {
		return nil, err
	}
	return b.disk.create(temp, b.options.FileMode)
}

// publish gives the temporary file its name, unless something has that name, and makes the name durable.
func (b *Backend) publish(temp, name string) error {
	err := b.place(temp, name)
	if errors.Is(err, fs.ErrNotExist) { // somebody removed a folder that we knew
		b.durable.Clear()
		err = b.place(temp, name)
	}
	if err != nil {
		return err
	}
	return b.disk.syncFolder(path.Dir(name))
}

func (b *Backend) place(temp, name string) error {
	folder := path.Dir(name)
	if err := b.makeDurable(folder); err != nil {
		return fmt.Errorf("make folder %s: %w", folder, err)
	}
	return b.name(temp, name)
}

// name makes name a second name of the temporary file. A hard link is put-if-absent by nature: of many links to one
// name the file system lets exactly one succeed.
func (b *Backend) name(temp, name string) error {
	err := b.disk.link(temp, name)
	switch {
	case err == nil:
		return nil
	case errors.Is(err, fs.ErrExist):
		return b.taken(name)
	case noLinks(err):
		return b.renameClaimed(temp, name)
	}
	return err
}

// taken says what has the name that a link found in use.
func (b *Backend) taken(name string) error {
	if err := b.vacant(name); err != nil {
		return err
	}
	return backend.ErrExist // deleted again since
}
