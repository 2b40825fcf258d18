package diskstore

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/heirloom-backup/heirloom/task"
	"github.com/heirloom-backup/heirloom/task/diskstore/internal/history"
)

// Prune files what has ended, and then removes what is too much.
func (s *Store) Prune(ctx context.Context, keep task.Retention, now time.Time) (gone task.Pruned, err error) {
	if err := s.usable(ctx); err != nil {
		return gone, fmt.Errorf("prune tasks: %w", err)
	}
	return s.prune(ctx, keep, now)
}

func (s *Store) prune(ctx context.Context, keep task.Retention, now time.Time) (gone task.Pruned, err error) {
	var unfiled error
	err = s.shelf.write(ctx, func(h *history.DB) (err error) {
		unfiled, err = s.fileInto(ctx, h)
		if err := errors.Join(err, s.sweep(now)); err != nil {
			return err
		}
		removed, err := h.Prune(ctx, keep, now)
		gone.Records = len(removed)
		return errors.Join(err, s.pruneLogs(ctx, keep, removed, now, &gone))
	})
	if unfiled != nil {
		s.o.Logger.Error("some records of tasks cannot be filed", "err", unfiled)
	}
	if err != nil {
		return gone, fmt.Errorf("prune tasks: %w", err)
	}
	return gone, nil
}

// pruneLogs removes the logs of records that are gone, and those that are too old or too many by themselves.
func (s *Store) pruneLogs(ctx context.Context, keep task.Retention, removed []task.Position, now time.Time, gone *task.Pruned) error {
	if keep.LogAge <= 0 && keep.LogCount <= 0 && len(removed) == 0 {
		return nil
	}
	without := make(map[task.Position]bool, len(removed))
	for _, at := range removed {
		without[at] = true
	}
	days, err := os.ReadDir(s.logs())
	if err != nil {
		return err
	}
	kept := 0
	drop := func(at task.Position) bool {
		if without[at] || keep.Drops(at.Time(), 0, now) || keep.DropsLog(at.Time(), kept+1, now) {
			return true
		}
		kept++
		return false
	}
	for _, day := range slices.Backward(days) {
		if err := ctx.Err(); err != nil {
			return err
		}
		if !day.IsDir() {
			continue // not ours
		}
		dir := filepath.Join(s.logs(), day.Name())
		left, err := s.pruneDay(dir, drop, gone)
		if err != nil {
			return err
		}
		if left == 0 {
			_ = os.Remove(dir) // unless a log is just being made in it
		}
	}
	return nil
}

// pruneDay goes through the logs of a day, the newest first, and returns how many files stay.
func (s *Store) pruneDay(dir string, drop func(task.Position) bool, gone *task.Pruned) (left int, err error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return 0, err
	}
	for _, e := range slices.Backward(entries) {
		at, ok := positionOf(e.Name(), logEnd)
		if !ok || s.hasJournal(at) || !drop(at) {
			left++
			continue
		}
		info, err := e.Info()
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err := errors.Join(err, removeIfThere(filepath.Join(dir, e.Name()))); err != nil {
			return left, err
		}
		gone.Logs++
		gone.Bytes += info.Size()
	}
	return left, nil
}

// hasJournal tells whether a task may go on to write its log. What cannot be found out is taken for yes.
func (s *Store) hasJournal(at task.Position) bool {
	_, err := os.Lstat(s.journal(at))
	return !errors.Is(err, fs.ErrNotExist)
}
