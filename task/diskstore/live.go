package diskstore

import (
	"errors"
	"io/fs"
	"os"
	"slices"

	"github.com/heirloom-backup/heirloom/task"
)

// journals returns the positions of all tasks that have a journal, the newest first.
func (s *Store) journals() ([]task.Position, error) {
	entries, err := os.ReadDir(s.live())
	if err != nil {
		return nil, err
	}
	var found []task.Position
	for _, e := range slices.Backward(entries) { // names are in order
		if at, ok := positionOf(e.Name(), journalEnd); ok {
			found = append(found, at)
		}
	}
	s.cache.keep(found)
	return found, nil
}

// load returns the record that a journal has, with the progress that was published last; fs.ErrNotExist if it is gone.
func (s *Store) load(at task.Position) (task.Record, error) {
	if c := s.claim(at); c != nil {
		if r, ok := c.durable(); ok {
			return r, nil
		}
	}
	info, err := os.Stat(s.journal(at))
	if err != nil {
		return task.Record{}, err
	}
	j, ok := s.cache.get(at)
	if !ok || j.size != info.Size() || !j.changed.Equal(info.ModTime()) {
		j = cached{size: info.Size(), changed: info.ModTime()}
		if j.state, _, err = readJournal(s.journal(at)); err != nil {
			return task.Record{}, err
		}
		s.cache.put(at, j)
	}
	r := j.Record
	if r.State == task.Running {
		r.Progress = readProgress(s.layout.progress(at))
	}
	return r, nil
}

// loadIfThere is load for whoever expects that a journal may be gone.
func (s *Store) loadIfThere(at task.Position) (r task.Record, there bool, err error) {
	r, err = s.load(at)
	if errors.Is(err, fs.ErrNotExist) {
		return r, false, nil
	}
	return r, err == nil, err
}

// durable returns the record if the claim is still held; of a task that has ended the journal may be gone.
func (c *claim) durable() (task.Record, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.state.Record, !c.over
}
