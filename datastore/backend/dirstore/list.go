package dirstore

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"strings"

	"github.com/heirloom-backup/heirloom/datastore/backend"
)

// List implements backend.Backend. It walks the folders below prefix only, holding one folder's entries at a time for
// each level. Files that cannot be objects because of their name ("lost+found") are passed over; anything else that is
// neither file nor folder, such as a symbolic link, is an error: what lies behind it would be missing from the listing.
func (b *Backend) List(ctx context.Context, prefix string) iter.Seq2[backend.Info, error] {
	return func(yield func(backend.Info, error) bool) {
		err := b.list(ctx, prefix, func(info backend.Info) bool { return yield(info, nil) })
		if err != nil && !errors.Is(err, errStopped) {
			yield(backend.Info{}, b.failed("list", prefix, err))
		}
	}
}

// errStopped ends a walk whose caller has seen enough.
var errStopped = errors.New("stopped")

func (b *Backend) list(ctx context.Context, prefix string, visit func(backend.Info) bool) error {
	if err := backend.CheckPrefix(prefix); err != nil {
		return err
	}
	if err := b.walk(ctx, prefix, visit); err != nil {
		return err
	}
	return b.check() // now: folders that vanished during the walk were passed over, but the store must not have
}

// walk visits all objects below prefix, which is empty or ends in a slash.
func (b *Backend) walk(ctx context.Context, prefix string, visit func(backend.Info) bool) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	entries, err := b.readFolder(folderOf(prefix))
	if missing(err) {
		return nil
	}
	if err != nil {
		return err
	}
	for _, entry := range entries {
		if err := b.step(ctx, prefix, entry, visit); err != nil {
			return err
		}
	}
	return nil
}

// step visits one entry of the folder prefix.
func (b *Backend) step(ctx context.Context, prefix string, entry fs.DirEntry, visit func(backend.Info) bool) error {
	name := prefix + entry.Name()
	if backend.CheckName(entry.Name()) != nil {
		return nil
	}
	if entry.IsDir() {
		return b.walk(ctx, name+"/", visit)
	}
	if !entry.Type().IsRegular() {
		return fmt.Errorf("%s is neither a file nor a folder: %s", name, entry.Type())
	}
	info, err := entry.Info()
	if missing(err) { // deleted since the folder was read
		return nil
	}
	if err != nil {
		return err
	}
	if !visit(backend.Info{Name: name, Size: info.Size()}) {
		return errStopped
	}
	return ctx.Err() // the visit may have taken long
}

func folderOf(prefix string) string {
	if prefix == "" {
		return "."
	}
	return strings.TrimSuffix(prefix, "/")
}

// readFolder returns all entries of a folder in the file system's order. It reads them at once rather than between two
// visits, because on some file systems deleting files of a half-read folder makes others be skipped.
func (b *Backend) readFolder(folder string) ([]fs.DirEntry, error) {
	f, err := b.root.Open(folder)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return f.ReadDir(-1)
}
