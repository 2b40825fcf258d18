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

// newOwner makes an owner, and locks its file before it has the name under which others look for it.
func (l layout) newOwner() (*owner, error) {
	id := rand.Text()
	draft := l.owner(id) + draftEnd
	f, err := os.OpenFile(draft, os.O_RDWR|os.O_CREATE|os.O_EXCL, fileMode)
	if err != nil {
		return nil, err
	}
	err = filelock.TryExclusive(f)
	if err == nil {
		err = os.Rename(draft, l.owner(id))
	}
	if err == nil {
		err = syncFolder(l.owners())
	}
	if err != nil {
		return nil, errors.Join(err, f.Close(), os.Remove(draft))
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
