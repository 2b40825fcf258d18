package dirstore

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"syscall"

	"github.com/heirloom-backup/heirloom/datastore/backend"
)

// admit is the part that all operations on one object begin with.
func (b *Backend) admit(ctx context.Context, name string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := backend.CheckName(name); err != nil {
		return err
	}
	if !filepath.IsLocal(filepath.FromSlash(name)) { // a device's name, such as NUL on Windows
		return fmt.Errorf("%w %q: reserved on this platform", backend.ErrBadName, name)
	}
	return nil
}

// admitChange is admit for the operations that need a writable store.
func (b *Backend) admitChange(ctx context.Context, name string) error {
	if err := b.admit(ctx, name); err != nil {
		return err
	}
	if b.options.ReadOnly {
		return fmt.Errorf("%w: opened for reading", backend.ErrReadOnly)
	}
	return b.check()
}

// failed says which operation on which object of which folder ended with err.
func (b *Backend) failed(operation, name string, err error) error {
	return fmt.Errorf("%s %s in %s: %w", operation, name, b.dir, err)
}

// refused marks an error of a change that the folder's permissions or a read-only file system caused.
func refused(err error) error {
	if errors.Is(err, backend.ErrReadOnly) {
		return err
	}
	if errors.Is(err, fs.ErrPermission) || errors.Is(err, syscall.EROFS) || writeProtected(err) {
		return fmt.Errorf("%w: %w", backend.ErrReadOnly, err)
	}
	return err
}

// missing reports that a path does not lead to a file: it is absent, or goes through a file as if that were a folder.
func missing(err error) bool {
	return errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR)
}

// hideNotExist keeps the text of an error about the store folder itself, but not its identity: callers that test for
// fs.ErrNotExist ask about an object.
func hideNotExist(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return errors.New(err.Error())
	}
	return err
}
