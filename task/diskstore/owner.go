package diskstore

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/heirloom-backup/heirloom/task/diskstore/internal/filelock"
)

// owner is a file that is locked for as long as the process lives.
type owner struct {
	id   string
	file *os.File
}

// newOwner makes an owner. Whoever looks for tasks without one may find the file before it is locked, and take it for that
// of a process that is gone; then another is made.
func (l layout) newOwner() (*owner, error) {
	var o *owner
	err := error(filelock.ErrHeld)
	for tries := 0; tries < 100 && errors.Is(err, filelock.ErrHeld); tries++ {
		o, err = l.tryOwner(rand.Text())
	}
	return o, err
}

// tryOwner returns filelock.ErrHeld if somebody was at the file before it was locked.
func (l layout) tryOwner(id string) (*owner, error) {
	f, err := os.OpenFile(l.owner(id), os.O_RDWR|os.O_CREATE|os.O_EXCL, fileMode)
	if err != nil {
		return nil, err
	}
	err = filelock.TryExclusive(f)
	if _, gone := os.Stat(l.owner(id)); err == nil && errors.Is(gone, fs.ErrNotExist) {
		err = filelock.ErrHeld
	}
	if err == nil {
		err = syncFolder(l.owners())
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return &owner{id, f}, nil
}

// release ends the ownership of all that is left. The file stays until somebody has looked after that.
func (o *owner) release() error { return o.file.Close() }

// alive tells whether an owner's process lives.
func (l layout) alive(id string) (bool, error) {
	if id == "" {
		return false, nil
	}
	f, err := os.Open(l.owner(id))
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	defer f.Close()
	err = filelock.TryShared(f)
	if errors.Is(err, filelock.ErrHeld) {
		return true, nil
	}
	return false, err
}

// owner returns the store as an owner. The store's mutex is held.
func (s *Store) ownerLocked() (*owner, error) {
	if s.self != nil {
		return s.self, nil
	}
	self, err := s.newOwner()
	if err != nil {
		return nil, fmt.Errorf("become an owner of tasks: %w", err)
	}
	s.self = self
	s.watchWishes()
	return self, nil
}
