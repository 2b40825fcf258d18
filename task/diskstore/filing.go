package diskstore

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/heirloom-backup/heirloom/task"
	"github.com/heirloom-backup/heirloom/task/diskstore/internal/history"
)

// filer moves the records of ended tasks from their journals into the history when there are enough of them.
type filer struct {
	mu      sync.Mutex
	waiting int  // tasks of this store that have ended since it filed last
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
		err := s.file(context.Background())
		f.mu.Lock()
		f.active = false
		f.mu.Unlock()
		if err != nil { // they stay in their journals, and the next one that ends tries again
			s.o.Logger.Error("file the records of tasks", "err", err)
		}
	})
}

func (f *filer) wait() { f.work.Wait() }

func (f *filer) filed() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.waiting = 0
}

// batch is how many records are filed in one go.
const batch = 1000

// file files all tasks that have ended, and removes what Options.Keep does not keep.
func (s *Store) file(ctx context.Context) error {
	s.filing.filed()
	_, err := s.prune(ctx, s.o.Keep, s.o.Now())
	return err
}

// fileInto files into an open history. What is added is durable before its journal goes.
func (s *Store) fileInto(ctx context.Context, h *history.DB) error {
	ended, unread, err := s.ended(ctx)
	if err != nil {
		return err
	}
	if unread != nil {
		s.o.Logger.Error("some records of tasks cannot be filed", "err", unread)
	}
	for len(ended) > 0 {
		some := ended[:min(batch, len(ended))]
		ended = ended[len(some):]
		if err := h.Add(ctx, s.fitting(some)); err != nil {
			return err
		}
		for _, r := range some {
			err = errors.Join(err, s.discard(r.UPID.Position()))
		}
		// What is removed here must not come back after a power loss: a record that was pruned meanwhile would count again.
		if err = errors.Join(err, syncFolder(s.live())); err != nil {
			return fmt.Errorf("remove what is filed: %w", err)
		}
	}
	return nil
}

// fitting returns the records as the history can take them.
func (s *Store) fitting(records []task.Record) []task.Record {
	fit := make([]task.Record, len(records))
	for i, r := range records {
		fit[i] = slim(r)
	}
	return fit
}

// slim returns the record without so much of what makes it too large for the history that it is not: the log has it all.
// What is left in the end is bounded by what a Spec takes in.
func slim(r task.Record) task.Record {
	for _, without := range []func(){
		func() {},
		func() { r.Payload = nil },
		func() { r.Warnings.Listed = r.Warnings.Listed[:min(len(r.Warnings.Listed), 10)] },
		func() { r.Progress.Stages = nil },
		func() { r.Warnings.Listed = nil },
	} {
		without()
		if line, err := encodeLine(r); err == nil && len(line) <= history.MaxRecord {
			break
		}
	}
	return r
}

// discard removes what a task that is filed has left in the live folder, the journal last.
func (s *Store) discard(at task.Position) error {
	return errors.Join(removeIfThere(s.wish(at)), removeIfThere(s.layout.progress(at)), removeIfThere(s.journal(at)))
}

// fileAtClose files if there is enough to be worth it: a program that runs one task should not have to.
func (s *Store) fileAtClose() error {
	if s.o.ReadOnly || s.self == nil {
		return nil
	}
	positions, err := s.journals()
	if err != nil || len(positions) < max(1, s.o.FileAt/4) {
		return err
	}
	return s.file(context.Background())
}
