package tasktest

import (
	"context"
	"time"

	"github.com/heirloom-backup/heirloom/task"
)

// odd is a good store with some methods replaced.
type odd struct {
	task.Store
	create func(context.Context, task.Record) (task.Claim, error)
	recov  func(context.Context, time.Time, func(task.Record) task.Verdict) ([]task.Claim, error)
	get    func(context.Context, task.UPID) (task.Record, error)
	list   func(context.Context, task.Query) (task.Page, error)
	cancel func(context.Context, task.UPID, task.Cancellation) error
	open   func(context.Context, task.UPID) (task.Log, error)
	totals func(ctx context.Context, since, until time.Time) ([]task.Total, error)
	prune  func(context.Context, task.Retention, time.Time) (task.Pruned, error)
	close  func() error
}

func (o odd) Create(ctx context.Context, r task.Record) (task.Claim, error) {
	if o.create != nil {
		return o.create(ctx, r)
	}
	return o.Store.Create(ctx, r)
}

func (o odd) Recover(ctx context.Context, now time.Time, judge func(task.Record) task.Verdict) ([]task.Claim, error) {
	if o.recov != nil {
		return o.recov(ctx, now, judge)
	}
	return o.Store.Recover(ctx, now, judge)
}

func (o odd) Get(ctx context.Context, id task.UPID) (task.Record, error) {
	if o.get != nil {
		return o.get(ctx, id)
	}
	return o.Store.Get(ctx, id)
}

func (o odd) List(ctx context.Context, q task.Query) (task.Page, error) {
	if o.list != nil {
		return o.list(ctx, q)
	}
	return o.Store.List(ctx, q)
}

func (o odd) RequestCancel(ctx context.Context, id task.UPID, c task.Cancellation) error {
	if o.cancel != nil {
		return o.cancel(ctx, id, c)
	}
	return o.Store.RequestCancel(ctx, id, c)
}

func (o odd) OpenLog(ctx context.Context, id task.UPID) (task.Log, error) {
	if o.open != nil {
		return o.open(ctx, id)
	}
	return o.Store.OpenLog(ctx, id)
}

func (o odd) Totals(ctx context.Context, since, until time.Time) ([]task.Total, error) {
	if o.totals != nil {
		return o.totals(ctx, since, until)
	}
	return o.Store.Totals(ctx, since, until)
}

func (o odd) Prune(ctx context.Context, keep task.Retention, now time.Time) (task.Pruned, error) {
	if o.prune != nil {
		return o.prune(ctx, keep, now)
	}
	return o.Store.Prune(ctx, keep, now)
}

func (o odd) Close() error {
	if o.close != nil {
		return o.close()
	}
	return o.Store.Close()
}
