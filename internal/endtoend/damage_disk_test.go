//go:build linux

package endtoend

import (
	"errors"
	"fmt"
	"os"
	"path"

	"github.com/heirloom-backup/heirloom/datastore"
	"github.com/heirloom-backup/heirloom/restore"
)

// toDisk restores a snapshot into a folder and checks that it either fails or is exactly what was saved.
func (p *patient) toDisk(store *datastore.Store, sn *datastore.Snapshot, whole bool) error {
	dest, err := os.MkdirTemp("", "heirloom-damage-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dest)
	want := p.want[sn.Address().String()]
	target := dest
	if sn.Kind == datastore.Image {
		target = path.Join(dest, "disk.img")
	}
	result, err := restore.Tree(p.t.Context(), store, sn.Root, target, restore.Options{NoSync: true})
	switch {
	case err != nil && whole:
		return fmt.Errorf("restore fails, though all can be read: %w", err)
	case err != nil:
		return nil
	case !whole || result.WarningCount > 0:
		return errors.New("restore succeeds, though not all can be read")
	}
	got := look(p.t, dest)
	if sn.Kind == datastore.Image {
		delete(got, ".")
	}
	if d := want.differences(got); len(d) > 0 {
		return fmt.Errorf("restore succeeds with other bytes: %s", d[0])
	}
	return nil
}
