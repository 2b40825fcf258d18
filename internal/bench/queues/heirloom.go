package main

import (
	"context"
	"errors"

	"github.com/heirloom-backup/heirloom/task"
	"github.com/heirloom-backup/heirloom/task/diskstore"
)

// heirloom is a runner with its store.
type heirloom struct {
	store  *diskstore.Store
	runner *task.Runner
}

func openHeirloom(ctx context.Context, dir string) (queue, error) { return newHeirloom(ctx, dir) }

func newHeirloom(ctx context.Context, dir string) (*heirloom, error) {
	store, err := diskstore.Open(dir, diskstore.Options{})
	if err != nil {
		return nil, err
	}
	runner, err := task.NewRunner(ctx, task.Options{Store: store, Slots: workers})
	if err != nil {
		return nil, errors.Join(err, store.Close())
	}
	return &heirloom{store, runner}, nil
}

// Do implements queue.
func (h *heirloom) Do(ctx context.Context, begun func()) error {
	_, err := h.runner.Do(ctx, task.Spec{Type: "empty", User: "bench"}, func(context.Context, *task.Run) error {
		begun()
		return nil
	})
	return err
}

// Close implements queue.
func (h *heirloom) Close() error {
	return errors.Join(h.runner.Close(context.Background()), h.store.Close())
}

var errSample = errors.New("the disk is on fire")

// fillHeirloom runs n tasks.
func fillHeirloom(ctx context.Context, dir string, n int) error {
	h, err := newHeirloom(ctx, dir)
	if err != nil {
		return err
	}
	for i := range n {
		s := sample(i)
		_, err := h.runner.Submit(ctx, task.Spec{Type: s.kind, User: s.user}, func(context.Context, *task.Run) error {
			if s.failed {
				return errSample
			}
			return nil
		})
		if err != nil {
			return errors.Join(err, h.Close())
		}
	}
	return errors.Join(h.runner.Drain(ctx), h.Close())
}

// heirloomHistory is a store that is only read.
type heirloomHistory struct{ store *diskstore.Store }

func readHeirloom(_ context.Context, dir string) (history, error) {
	store, err := diskstore.Open(dir, diskstore.Options{ReadOnly: true})
	if err != nil {
		return nil, err
	}
	return heirloomHistory{store}, nil
}

// Page implements history.
func (h heirloomHistory) Page(ctx context.Context, q question) (int, error) {
	query := task.Query{Types: []string{q.kind}, States: []task.State{task.OK}, Limit: pageSize}
	if q.failed {
		query.States = []task.State{task.Failed}
	}
	if q.user != "" {
		query.Users = []string{q.user}
	}
	page, err := h.store.List(ctx, query)
	return len(page.Records), err
}

// Close implements history.
func (h heirloomHistory) Close() error { return h.store.Close() }
