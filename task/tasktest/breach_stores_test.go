package tasktest

import (
	"context"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/heirloom-backup/heirloom/task"
)

func neverCloses(s task.Store) task.Store {
	return odd{Store: s, close: func() error { return nil }}
}

func forgetsTasks(s task.Store) task.Store {
	return odd{Store: s, create: task.NewMemory().Create}
}

func takesAnything(s task.Store) task.Store {
	return odd{Store: s, create: func(ctx context.Context, r task.Record) (task.Claim, error) {
		if c, err := s.Create(ctx, r); err == nil {
			return c, nil
		}
		return task.NewMemory().Create(ctx, sample(1))
	}}
}

func inventsRecords(s task.Store) task.Store {
	return odd{Store: s, get: func(ctx context.Context, id task.UPID) (task.Record, error) {
		r, _ := s.Get(ctx, id)
		return r, nil
	}}
}

func ignoresContext(s task.Store) task.Store {
	return odd{Store: s, create: func(ctx context.Context, r task.Record) (task.Claim, error) {
		return s.Create(context.WithoutCancel(ctx), r)
	}}
}

func showsWhatWas(s task.Store) task.Store {
	seen := map[task.UPID]task.Record{}
	return odd{Store: s, get: func(ctx context.Context, id task.UPID) (task.Record, error) {
		if r, ok := seen[id]; ok {
			return r, nil
		}
		r, err := s.Get(ctx, id)
		seen[id] = r
		return r, err
	}}
}

func ignoresWishes(s task.Store) task.Store {
	return odd{Store: s, cancel: func(context.Context, task.UPID, task.Cancellation) error { return nil }}
}

func cancelsAll(s task.Store) task.Store {
	return odd{Store: s, cancel: func(ctx context.Context, _ task.UPID, c task.Cancellation) error {
		page, err := s.List(ctx, task.Query{})
		for _, r := range page.Records {
			_ = s.RequestCancel(ctx, r.UPID, c)
		}
		time.Sleep(time.Millisecond) // of the bubble: all are told by then
		return err
	}}
}

// tellsTwice has told the owner of a task everything twice when RequestCancel returns.
func tellsTwice(s task.Store) task.Store {
	twofold := ofClaims(func(c task.Claim) task.Claim { return twice{c} })(s)
	return odd{Store: twofold, cancel: func(ctx context.Context, id task.UPID, c task.Cancellation) error {
		err := s.RequestCancel(ctx, id, c)
		time.Sleep(time.Millisecond) // of the bubble
		return err
	}}
}

func listsBackwards(s task.Store) task.Store {
	return odd{Store: s, list: func(ctx context.Context, q task.Query) (task.Page, error) {
		page, err := s.List(ctx, q)
		slices.Reverse(page.Records)
		return page, err
	}}
}

func listsOnePage(s task.Store) task.Store {
	return odd{Store: s, list: func(ctx context.Context, q task.Query) (task.Page, error) {
		page, err := s.List(ctx, q)
		page.Next = ""
		return page, err
	}}
}

// listsByNumber takes for a cursor how many records came before.
func listsByNumber(s task.Store) task.Store {
	return odd{Store: s, list: func(ctx context.Context, q task.Query) (task.Page, error) {
		at, _ := strconv.Atoi(string(q.After))
		page, err := s.List(ctx, task.Query{Limit: task.MaxLimit})
		page.Records = page.Records[min(at, len(page.Records)):]
		if len(page.Records) > q.Limit {
			page.Records, page.Next = page.Records[:q.Limit], task.Cursor(strconv.Itoa(at+q.Limit))
		}
		return page, err
	}}
}

// needsTheLast finds its place by the record that came last, which may be gone.
func needsTheLast(s task.Store) task.Store {
	return odd{Store: s, list: func(ctx context.Context, q task.Query) (task.Page, error) {
		all, err := s.List(ctx, task.Query{})
		at := slices.IndexFunc(all.Records, func(r task.Record) bool {
			return task.CursorAt(r.UPID.Position()) == q.After
		})
		if err != nil || q.After == "" || at >= 0 {
			return s.List(ctx, q)
		}
		return all, nil
	}}
}

func answersAnything(s task.Store) task.Store {
	return odd{Store: s, list: func(ctx context.Context, q task.Query) (task.Page, error) {
		page, _ := s.List(ctx, q)
		return page, nil
	}}
}

func ignoresText(s task.Store) task.Store {
	return odd{Store: s, list: func(ctx context.Context, q task.Query) (task.Page, error) {
		q.Text = ""
		return s.List(ctx, q)
	}}
}

func sumsUpWhatIsLeft(s task.Store) task.Store {
	return odd{Store: s, totals: func(ctx context.Context, since, until time.Time) ([]task.Total, error) {
		page, err := s.List(ctx, task.Query{States: task.FinalStates(), Limit: 10})
		return task.AddTotals(nil, page.Records, since, until), err
	}}
}

func sumsUpAll(s task.Store) task.Store {
	return odd{Store: s, totals: func(ctx context.Context, _, _ time.Time) ([]task.Total, error) {
		return s.Totals(ctx, time.Time{}, time.Time{})
	}}
}

func recoversTheLiving(s task.Store) task.Store {
	return odd{Store: s, recov: func(ctx context.Context, now time.Time, judge func(task.Record) task.Verdict) ([]task.Claim, error) {
		page, _ := s.List(ctx, task.Query{States: []task.State{task.Queued, task.Running}})
		for _, r := range page.Records {
			judge(r)
		}
		return s.Recover(ctx, now, judge)
	}}
}

func judges(v task.Verdict) func(task.Store) task.Store {
	return func(s task.Store) task.Store {
		return odd{Store: s, recov: func(ctx context.Context, now time.Time, _ func(task.Record) task.Verdict) ([]task.Claim, error) {
			return s.Recover(ctx, now, func(task.Record) task.Verdict { return v })
		}}
	}
}

func recoversForAll(s task.Store) task.Store {
	var mu sync.Mutex
	var all []task.Claim
	return odd{Store: s, recov: func(ctx context.Context, now time.Time, judge func(task.Record) task.Verdict) ([]task.Claim, error) {
		mu.Lock()
		defer mu.Unlock()
		claims, err := s.Recover(ctx, now, judge)
		all = append(all, claims...)
		return all, err
	}}
}

func endsEarly(s task.Store) task.Store {
	return odd{Store: s, get: func(ctx context.Context, id task.UPID) (task.Record, error) {
		r, err := s.Get(ctx, id)
		r.Ended = r.Ended.Add(-time.Hour)
		return r, err
	}}
}

func missesEmptyLogs(s task.Store) task.Store {
	return odd{Store: s, open: func(ctx context.Context, id task.UPID) (task.Log, error) {
		l, err := s.OpenLog(ctx, id)
		if err != nil {
			return nil, err
		}
		if size, _ := l.Size(); size == 0 {
			return nil, task.ErrNoLog
		}
		return l, nil
	}}
}

func prunes(change func(task.Retention) task.Retention) func(task.Store) task.Store {
	return func(s task.Store) task.Store {
		return odd{Store: s, prune: func(ctx context.Context, k task.Retention, now time.Time) (task.Pruned, error) {
			return s.Prune(ctx, change(k), now)
		}}
	}
}

func prunesAnew(s task.Store) task.Store {
	var all task.Pruned
	return odd{Store: s, prune: func(ctx context.Context, k task.Retention, now time.Time) (task.Pruned, error) {
		gone, err := s.Prune(ctx, k, now)
		all.Records, all.Logs, all.Bytes = all.Records+gone.Records, all.Logs+gone.Logs, all.Bytes+gone.Bytes
		return all, err
	}}
}
