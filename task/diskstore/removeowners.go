package diskstore

import (
	"os"

	"github.com/heirloom-backup/heirloom/task/diskstore/internal/filelock"
)

// removeOwners removes the files of owners that are gone: one without a file is as good as one whose file nobody has
// locked. One that stays for whatever reason does no harm: the next look finds it again.
func (r *recovery) removeOwners() error {
	entries, err := os.ReadDir(r.owners())
	for _, e := range entries {
		if !r.alive[e.Name()] {
			r.removeOwner(e.Name())
		}
	}
	return err
}

// removeOwner removes the file of an owner that is gone, with its lock held: a process that has just made it, and has not
// locked it yet, then knows.
func (l layout) removeOwner(id string) {
	f, err := os.Open(l.owner(id))
	if err != nil {
		return
	}
	defer f.Close()
	if filelock.TryExclusive(f) == nil {
		_ = os.Remove(l.owner(id))
	}
}
