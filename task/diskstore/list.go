package diskstore

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"github.com/heirloom-backup/heirloom/task"
	"github.com/heirloom-backup/heirloom/task/diskstore/internal/history"
)

// Get looks into the journals first and into the history after that: a record that is being filed is in one or both.
func (s *Store) Get(ctx context.Context, id task.UPID) (task.Record, error) {
	r, err := s.get(ctx, id)
	if err != nil {
		return r, fmt.Errorf("get %s: %w", id, err)
	}
	return r, nil
}

// get is Get, with an error that does not name the task.
func (s *Store) get(ctx context.Context, id task.UPID) (task.Record, error) {
	r, there, err := s.loadIfThere(id.Position())
	if there || err != nil {
		return r, err
	}
	err = s.shelf.read(ctx, func(h *history.DB) (err error) {
		r, err = h.Get(ctx, id)
		return err
	})
	if errors.Is(err, task.ErrNotFound) {
		err = task.ErrNotFound
	}
	return r, err
}

// List merges what the journals have and what the history has, each the newest first. A history that is damaged, or that
// nobody has opened for writing since its last writer died, does not hide the journals: it is among what is unreadable.
func (s *Store) List(ctx context.Context, q task.Query) (task.Page, error) {
	if err := q.Validate(); err != nil {
		return task.Page{}, err
	}
	var p pager
	p.size = q.PageSize()
	if err := s.listJournals(ctx, q, &p); err != nil {
		return task.Page{}, fmt.Errorf("list tasks: %w", err)
	}
	err := s.shelf.read(ctx, func(h *history.DB) error { return p.merge(ctx, h, q) })
	if isDamagedHistory(err) {
		p.unreadable = append(p.unreadable, err)
		p.takeRest()
		err = nil
	}
	if err != nil {
		return task.Page{}, fmt.Errorf("list tasks: %w", err)
	}
	return p.page(), nil
}

func isDamagedHistory(err error) bool {
	return errors.As(err, new(*history.FolderError)) || errors.Is(err, history.ErrNeedsRepair)
}

// listJournals gathers as many records as a page may need.
func (s *Store) listJournals(ctx context.Context, q task.Query, p *pager) error {
	positions, err := s.journals()
	if err != nil {
		return err
	}
	after, _ := q.After.Position() // validated
	for _, at := range positions {
		if len(p.live) > p.size {
			return nil
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		if !after.IsZero() && bytes.Compare(at[:], after[:]) >= 0 || !q.MatchTime(at.Time()) {
			continue
		}
		r, there, err := s.loadIfThere(at)
		switch {
		case err != nil:
			p.unreadable = append(p.unreadable, err)
		case there && q.Match(&r):
			p.live = append(p.live, r)
		}
	}
	return nil
}

// pager makes a page of two sources.
type pager struct {
	size       int
	live       []task.Record // from the journals, one more than a page has at most
	records    []task.Record
	unreadable []error
}

// merge goes through the history until there is one record more than a page takes, which shows that another follows.
func (p *pager) merge(ctx context.Context, h *history.DB, q task.Query) error {
	for r, err := range h.List(ctx, q) {
		if damage := new(history.DamageError); errors.As(err, &damage) {
			p.unreadable = append(p.unreadable, err)
			continue
		}
		if err != nil {
			return err
		}
		p.takeNewer(r.UPID)
		if p.full() {
			return nil
		}
		if len(p.live) > 0 && p.live[0].UPID == r.UPID {
			p.live = p.live[1:] // it was filed after it had been read
		}
		p.records = append(p.records, r)
	}
	p.takeRest()
	return nil
}

// takeRest takes the records of journals that are older than all of the history.
func (p *pager) takeRest() {
	for len(p.live) > 0 && !p.full() {
		p.takeLive()
	}
}

// takeNewer takes the records of journals that come before one of the history.
func (p *pager) takeNewer(id task.UPID) {
	for len(p.live) > 0 && !p.full() && p.live[0].UPID.Compare(id) > 0 {
		p.takeLive()
	}
}

func (p *pager) takeLive() {
	p.records = append(p.records, p.live[0])
	p.live = p.live[1:]
}

func (p *pager) full() bool { return len(p.records) > p.size }

func (p *pager) page() task.Page {
	page := task.Page{Records: p.records, Unreadable: p.unreadable}
	if p.full() {
		page.Records = p.records[:p.size]
		page.Next = task.CursorAt(page.Records[p.size-1].UPID.Position())
	}
	return page
}
