package diskstore

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/heirloom-backup/heirloom/task"
)

// Create makes the journal of a new task.
func (s *Store) Create(ctx context.Context, r task.Record) (task.Claim, error) {
	if err := errors.Join(s.usable(ctx), task.CheckNew(r)); err != nil {
		return nil, fmt.Errorf("create task: %w", err)
	}
	c, err := s.newClaim(r)
	if err != nil {
		return nil, fmt.Errorf("create task %s: %w", r.UPID, err)
	}
	c.log.isNew = true
	if err := s.makeJournal(c, r); err != nil {
		s.forget(c)
		return nil, fmt.Errorf("create task %s: %w", r.UPID, err)
	}
	return c, nil
}

// newClaim enters a claim among those of the store.
func (s *Store) newClaim(r task.Record) (*claim, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil, task.ErrClosed // since it was found usable
	}
	self, err := s.ownerLocked()
	if err != nil {
		return nil, err
	}
	at := r.UPID.Position()
	if s.claims[at] != nil {
		return nil, task.ErrExists
	}
	c := &claim{store: s, owner: self.id, at: at, state: state{self.id, r}}
	c.log = taskLog{path: s.log(r.UPID)}
	s.claims[at] = c
	return c, nil
}

func (s *Store) forget(c *claim) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.claims[c.at] == c {
		delete(s.claims, c.at)
	}
}

// makeJournal makes a journal with its first line under another name, so that nobody ever sees one without a line.
func (s *Store) makeJournal(c *claim, r task.Record) error {
	line, err := encodeLine(state{c.owner, r})
	if err != nil {
		return err
	}
	if _, err := os.Lstat(s.journal(c.at)); err == nil {
		return task.ErrExists
	} else if !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := place(s.draft(c.at, c.owner), s.journal(c.at), line); err != nil {
		return errors.Join(err, removeIfThere(s.journal(c.at))) // it may have its name already
	}
	c.end = int64(len(line))
	return nil
}
