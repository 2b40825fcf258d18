package diskstore

import (
	"errors"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/heirloom-backup/heirloom/task"
	"github.com/heirloom-backup/heirloom/task/tasktest"
)

func TestEveryRule(t *testing.T) {
	t.Parallel()
	runSuite(t, Options{WishEvery: 5 * time.Millisecond, Linger: 50 * time.Millisecond})
}

// Records go to the history as soon as they can, and nobody keeps it open.
func TestEveryRuleWhileFiling(t *testing.T) {
	t.Parallel()
	runSuite(t, Options{WishEvery: 5 * time.Millisecond, FileAt: 1, Linger: -1})
}

func runSuite(t *testing.T, o Options) {
	o.Patience = time.Minute // a machine may be slow
	tasktest.RunStore(t, tasktest.StoreHarness{
		Patience: o.Patience,
		Place: func(t testing.TB) func() (task.Store, error) {
			dir := t.TempDir()
			return func() (task.Store, error) { return Open(dir, o) }
		},
		Crash: func(s task.Store) error { return crash(s.(*Store)) },
	})
}

// crash closes what a store has open, as the system does at the end of a process, and nothing else.
func crash(s *Store) error {
	s.mu.Lock()
	s.closed = true
	stop, self, claims := s.stop, s.self, slices.Collect(maps.Values(s.claims))
	s.mu.Unlock()
	if stop != nil {
		stop()
	}
	s.watching.Wait()
	s.filing.wait()
	err := s.shelf.close()
	if self != nil {
		err = errors.Join(err, self.file.Close())
	}
	for _, c := range claims {
		err = errors.Join(err, c.closeFiles())
	}
	return err
}

func (c *claim) closeFiles() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.over = true
	c.progress.close()
	if f := c.log.file; f != nil {
		return f.Close()
	}
	return nil
}
