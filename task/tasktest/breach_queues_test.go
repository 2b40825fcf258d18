package tasktest

import (
	"context"
	"testing"
	"time"

	"github.com/heirloom-backup/heirloom/task"
)

// queueBreaches holds, for each rule, a queue that breaks it.
var queueBreaches = map[string]queueBreach{
	"order":                    ofTickets(func(t *task.Ticket) { t.Priority = 0 }),
	"order of what comes back": ofLeases(func(l task.Lease, q task.Queue) task.Lease { return &renewing{l, q} }),
	"not before its time":      ofTickets(func(t *task.Ticket) { t.NotBefore = time.Time{} }),
	"given back for later":     ofLeases(func(l task.Lease, _ task.Queue) task.Lease { return hasty{l} }),
	"ticket as it was":         ofTickets(func(t *task.Ticket) { t.Key = "" }),
	"waiting":                  ofQueues(func(q task.Queue) task.Queue { return impatient{q} }),
	"many wait":                ofQueues(func(q task.Queue) task.Queue { return impatient{q} }),
	"giving up":                ofQueues(func(q task.Queue) task.Queue { return stubborn{q} }),
	"close":                    ofQueues(func(q task.Queue) task.Queue { return open{q} }),
	"close with tickets out":   ofQueues(func(q task.Queue) task.Queue { return open{q} }),
	"one at a time by key":     ofTickets(func(t *task.Ticket) { t.Key = "" }),
	"limit by type":            ofLimits(func(l *task.Limits) { l.Types = nil }),
	"limit of none":            ofLimits(func(l *task.Limits) { l.Types = nil }),
	"held back by two limits":  ofLimits(func(l *task.Limits) { l.Types = nil }),
	"order at an opening":      ofTickets(func(t *task.Ticket) { t.Priority = 0 }),
	"removed while held back":  ofQueues(func(q task.Queue) task.Queue { return keeping{q} }),
	"push twice":               ofQueues(func(q task.Queue) task.Queue { return greedy{q} }),
	"done":                     ofLeases(func(l task.Lease, _ task.Queue) task.Lease { return undone{l} }),
	"end of a lease":           ofLeases(func(l task.Lease, _ task.Queue) task.Lease { return undone{l} }),
	"remove":                   ofQueues(func(q task.Queue) task.Queue { return keeping{q} }),
	"depth":                    ofQueues(func(q task.Queue) task.Queue { return bottomless{q} }),
	"random walk":              ofLimits(func(l *task.Limits) { l.Keys = nil }),
}

// queueBreach is what is wrong with a queue that is good but for that.
type queueBreach struct {
	limits func(*task.Limits)
	queue  func(task.Queue) task.Queue
}

// place has one such queue. The good one in it is closed after the test, so that nobody waits any more.
func (b queueBreach) place(t testing.TB, limits task.Limits) func() (task.Queue, error) {
	b.limits(&limits)
	good := task.NewQueue(limits)
	t.Cleanup(func() { _ = good.Close() })
	odd := b.queue(good)
	return func() (task.Queue, error) { return odd, nil }
}

func ofQueues(wrap func(task.Queue) task.Queue) queueBreach {
	return queueBreach{limits: func(*task.Limits) {}, queue: wrap}
}

func ofLimits(change func(*task.Limits)) queueBreach {
	return queueBreach{limits: change, queue: func(good task.Queue) task.Queue { return good }}
}

func ofTickets(change func(*task.Ticket)) queueBreach {
	return ofQueues(func(q task.Queue) task.Queue { return retouching{q, change} })
}

func ofLeases(wrap func(task.Lease, task.Queue) task.Lease) queueBreach {
	return ofQueues(func(q task.Queue) task.Queue { return leasing{q, wrap} })
}

// retouching changes tickets on their way in.
type retouching struct {
	task.Queue
	change func(*task.Ticket)
}

func (q retouching) Push(ctx context.Context, t task.Ticket) error {
	q.change(&t)
	return q.Queue.Push(ctx, t)
}

// leasing hands out odd leases.
type leasing struct {
	task.Queue
	wrap func(task.Lease, task.Queue) task.Lease
}

func (q leasing) Pull(ctx context.Context) (task.Lease, error) {
	l, err := q.Queue.Pull(ctx)
	if err != nil {
		return nil, err
	}
	return q.wrap(l, q.Queue), nil
}

// renewing puts what comes back at the end.
type renewing struct {
	task.Lease
	queue task.Queue
}

func (l *renewing) Return(ctx context.Context, _ time.Time) error {
	_ = l.Done(ctx)
	return l.queue.Push(ctx, l.Ticket())
}

// hasty puts back for now.
type hasty struct{ task.Lease }

func (l hasty) Return(ctx context.Context, _ time.Time) error {
	return l.Lease.Return(ctx, time.Time{})
}

// undone puts back what is done.
type undone struct{ task.Lease }

func (l undone) Done(ctx context.Context) error { return l.Return(ctx, time.Time{}) }

// impatient does not wait.
type impatient struct{ task.Queue }

func (q impatient) Pull(ctx context.Context) (task.Lease, error) {
	ctx, cancel := context.WithTimeout(ctx, 0)
	defer cancel()
	return q.Queue.Pull(ctx)
}

// stubborn does not give up.
type stubborn struct{ task.Queue }

func (q stubborn) Pull(ctx context.Context) (task.Lease, error) {
	return q.Queue.Pull(context.WithoutCancel(ctx))
}

// open is never closed.
type open struct{ task.Queue }

func (open) Close() error { return nil }

// keeping says that it removed something.
type keeping struct{ task.Queue }

func (keeping) Remove(context.Context, task.UPID) (bool, error) { return true, nil }

// greedy says yes to every ticket.
type greedy struct{ task.Queue }

func (q greedy) Push(ctx context.Context, t task.Ticket) error {
	_ = q.Queue.Push(ctx, t)
	return nil
}

// bottomless has no depth.
type bottomless struct{ task.Queue }

func (bottomless) Depth(context.Context) (int, error) { return 0, nil }
