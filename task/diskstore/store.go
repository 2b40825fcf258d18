package diskstore

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"slices"
	"sync"

	"github.com/heirloom-backup/heirloom/task"
)

// Store is a folder of tasks. It implements task.Store, and is safe for concurrent use, also by several Stores of the
// same folder in one process or many.
type Store struct {
	layout
	o      Options
	shelf  shelf // the history
	filing filer
	cache  cache

	mu     sync.Mutex
	self   *owner // nil until a task is claimed
	claims map[task.Position]*claim
	closed bool

	watching sync.WaitGroup // the goroutine that looks for wishes
	stop     context.CancelFunc
}

var _ task.Store = (*Store)(nil)

// formatVersion is what this package writes and reads.
const formatVersion = 1

// format is what formatFile holds.
type format struct {
	Format int `json:"format"`
}

// Open opens the folder dir, and makes it if it is not there. With Options.ReadOnly it must be there, and the error is
// fs.ErrNotExist otherwise.
func Open(dir string, o Options) (*Store, error) {
	l := layout(dir)
	if err := l.prepare(o.ReadOnly); err != nil {
		return nil, fmt.Errorf("open task store: %w", err)
	}
	s := &Store{layout: l, o: o.withDefaults(), claims: map[task.Position]*claim{}}
	s.shelf = newShelf(l, s.o)
	return s, nil
}

// Exists tells whether there is a store in the folder dir.
func Exists(dir string) bool {
	_, err := os.Stat(layout(dir).format())
	return err == nil
}

// prepare makes what is not there, and checks the format.
func (l layout) prepare(readOnly bool) error {
	data, err := os.ReadFile(l.format())
	if errors.Is(err, fs.ErrNotExist) && !readOnly {
		return l.create()
	}
	if err != nil {
		return err
	}
	var f format
	if err := json.Unmarshal(data, &f); err != nil {
		return fmt.Errorf("%s: %w; if other files of the store are there, write %q into it", l.format(), err, formatText())
	}
	if f.Format != formatVersion {
		return fmt.Errorf("%s: format %d is not one that this version knows: use a newer one", l.format(), f.Format)
	}
	if readOnly {
		return nil
	}
	return l.makeFolders()
}

func formatText() string { return fmt.Sprintf(`{"format":%d}`, formatVersion) }

// create makes a new store. Several processes may do it at the same time.
func (l layout) create() error {
	if err := l.makeFolders(); err != nil {
		return err
	}
	draft := l.format() + "." + rand.Text() + draftEnd // so that nobody ever sees half of it
	return place(draft, l.format(), []byte(formatText()+"\n"))
}

func (l layout) makeFolders() error {
	for _, dir := range l.folders() {
		if err := makeFolder(dir); err != nil {
			return err
		}
	}
	// Readers lock them, and those who may change nothing cannot make them.
	return errors.Join(makeLock(l.historyLock()), makeLock(l.historyTurn()))
}

func makeLock(path string) error {
	f, err := os.OpenFile(path, os.O_RDONLY|os.O_CREATE, fileMode)
	if err != nil {
		return err
	}
	return f.Close()
}

// Close files what is to be filed and gives up what the store holds. Its tasks that have not ended have then lost their
// owner. What cannot be filed stays in its journals, where it is found as well: Options.Logger learns of it.
func (s *Store) Close() error {
	s.mu.Lock()
	closed := s.closed
	s.closed = true
	stop, self := s.stop, s.self
	s.mu.Unlock()
	if closed {
		return nil
	}
	if stop != nil {
		stop()
	}
	s.watching.Wait()
	err := s.dropClaims()
	s.filing.wait()
	s.fileAtClose()
	if self != nil {
		err = errors.Join(err, self.release())
	}
	return errors.Join(err, s.shelf.close())
}

// dropClaims ends all claims, before others can become owners of what they were on.
func (s *Store) dropClaims() (err error) {
	s.mu.Lock()
	claims := slices.Collect(maps.Values(s.claims))
	s.mu.Unlock()
	for _, c := range claims {
		err = errors.Join(err, c.drop())
	}
	return err
}

// usable returns why nothing can be written.
func (s *Store) usable(ctx context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.closed:
		return task.ErrClosed
	case s.o.ReadOnly:
		return fmt.Errorf("the store was opened for reading only: %w", fs.ErrPermission)
	}
	return ctx.Err()
}
