package diskstore

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/heirloom-backup/heirloom/task"
	"github.com/heirloom-backup/heirloom/task/diskstore/internal/history"
)

// Totals adds the tasks that have ended and are not filed yet to what the history has counted. What cannot be read is
// left out and part of the error; the rest is returned all the same.
func (s *Store) Totals(ctx context.Context, since, until time.Time) ([]task.Total, error) {
	var totals []task.Total
	var unread error
	err := s.shelf.read(ctx, func(h *history.DB) error {
		ended, damaged, err := s.ended(ctx) // here, since nobody files or prunes while the history is read
		if err != nil {
			return err
		}
		unread = damaged
		sums, err := h.Totals(ctx, since, until)
		unfiled, missing := notIn(ctx, h, ended)
		totals = task.AddTotals(sums, unfiled, since, until)
		return errors.Join(err, missing)
	})
	if err := errors.Join(err, unread); err != nil {
		return totals, fmt.Errorf("sum up tasks: %w", err)
	}
	return totals, nil
}

// ended returns the records in journals that are final, and what is wrong with journals that cannot be read.
func (s *Store) ended(ctx context.Context) (found []task.Record, unread, err error) {
	positions, err := s.journals()
	if err != nil {
		return nil, nil, err
	}
	for _, at := range positions {
		r, there, err := s.loadIfThere(at)
		if ctx.Err() != nil {
			return nil, nil, ctx.Err()
		}
		unread = errors.Join(unread, err)
		if there && r.State.Final() {
			found = append(found, r)
		}
	}
	return found, unread, nil
}

// notIn returns the records that the history does not have: a process may have died between filing them and removing
// their journals.
func notIn(ctx context.Context, h *history.DB, records []task.Record) ([]task.Record, error) {
	var failed error
	missing := slices.DeleteFunc(records, func(r task.Record) bool {
		_, err := h.Get(ctx, r.UPID)
		if !errors.Is(err, task.ErrNotFound) {
			failed = errors.Join(failed, err)
		}
		return err == nil
	})
	return missing, failed
}
