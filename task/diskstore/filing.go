package diskstore

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"github.com/heirloom-backup/heirloom/task"
	"github.com/heirloom-backup/heirloom/task/diskstore/internal/history"
)

// filer moves the records of ended tasks from their journals into the history when there are enough of them.
type filer struct {
	mu      sync.Mutex
	waiting int  // tasks of this store that have ended and were not filed
	active  bool // a goroutine is at it
	work    sync.WaitGroup
}

// more counts a task that has ended.
func (f *filer) more(s *Store) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.waiting++
	if f.waiting < s.o.FileAt || f.active {
		return
	}
	f.active = true
	f.work.Go(func() {
		s.file(context.Background())
		f.mu.Lock()
		f.active = false
		f.mu.Unlock()
	})
}

func (f *filer) wait() { f.work.Wait() }

func (f *filer) count() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.waiting
}

func (f *filer) filed(n int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.waiting -= n
}

// file files all tasks that have ended, and removes what Options.Keep does not keep. If it fails they stay in their
// journals, and the next one that ends tries again.
func (s *Store) file(ctx context.Context) {
	n := s.filing.count()
	if _, err := s.prune(ctx, s.o.Keep, s.o.Now()); err != nil {
		s.o.Logger.Error("file the records of tasks", "err", err)
		return
	}
	s.filing.filed(n)
}

// fileAtClose files if there is enough to be worth it: a program that runs one task should not have to.
func (s *Store) fileAtClose() {
	if s.o.ReadOnly || s.self == nil {
		return
	}
	positions, err := s.journals()
	if err != nil || len(positions) >= max(1, s.o.FileAt/4) {
		s.file(context.Background())
	}
}

// batch is how many records are filed in one go.
const batch = 1000

// fileInto files into an open history. What is added is durable before its journal goes. Records that cannot be read, or
// cannot be kept, stay in their journals, do not hold up the others, and are named in unfiled.
func (s *Store) fileInto(ctx context.Context, h *history.DB) (unfiled, err error) {
	ended, unread, err := s.ended(ctx)
	if err != nil {
		return nil, err
	}
	fit, unfit := fitting(ended)
	for some := range slices.Chunk(fit, batch) {
		if err := s.fileSome(ctx, h, some); err != nil {
			return nil, err
		}
	}
	return errors.Join(unread, unfit), nil
}

func (s *Store) fileSome(ctx context.Context, h *history.DB, records []task.Record) error {
	if err := h.Add(ctx, records); err != nil {
		return err
	}
	var err error
	for _, r := range records {
		err = errors.Join(err, s.discard(r.UPID.Position()))
	}
	// What is removed here must not come back after a power loss: a record that was pruned meanwhile would count again.
	if err = errors.Join(err, syncFolder(s.live())); err != nil {
		return fmt.Errorf("remove what is filed: %w", err)
	}
	return nil
}

// discard removes what a task that is filed has left in the live folder, the journal last.
func (s *Store) discard(at task.Position) error {
	return errors.Join(removeIfThere(s.wish(at)), removeIfThere(s.layout.progress(at)), removeIfThere(s.journal(at)))
}
