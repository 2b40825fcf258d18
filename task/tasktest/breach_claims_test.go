package tasktest

import (
	"context"
	"io"
	"sync/atomic"
	"time"

	"github.com/heirloom-backup/heirloom/task"
	"github.com/heirloom-backup/heirloom/task/progress"
)

// ofClaims makes a store whose new claims are odd.
func ofClaims(wrap func(task.Claim) task.Claim) func(task.Store) task.Store {
	return func(s task.Store) task.Store {
		return odd{Store: s,
			create: func(ctx context.Context, r task.Record) (task.Claim, error) {
				c, err := s.Create(ctx, r)
				if err != nil {
					return nil, err
				}
				return wrap(c), nil
			},
			recov: func(ctx context.Context, now time.Time, judge func(task.Record) task.Verdict) ([]task.Claim, error) {
				claims, err := s.Recover(ctx, now, judge)
				for i, c := range claims {
					claims[i] = wrap(c)
				}
				return claims, err
			},
		}
	}
}

// ofLogs makes a store whose logs are odd.
func ofLogs(wrap func(task.Log) task.Log) func(task.Store) task.Store {
	return func(s task.Store) task.Store {
		return odd{Store: s, open: func(ctx context.Context, id task.UPID) (task.Log, error) {
			l, err := s.OpenLog(ctx, id)
			if err != nil {
				return nil, err
			}
			return wrap(l), nil
		}}
	}
}

var (
	updatesToAnything = ofClaims(func(c task.Claim) task.Claim { return obedient{c} })
	neverReleases     = ofClaims(func(c task.Claim) task.Claim { return clinging{c} })
)

// obedient says yes to every update.
type obedient struct{ task.Claim }

func (c obedient) Update(ctx context.Context, r task.Record) error {
	_ = c.Claim.Update(ctx, r)
	return nil
}

// clinging does not let go.
type clinging struct{ task.Claim }

func (clinging) Release() error { return nil }

// mute publishes nothing.
type mute struct{ task.Claim }

func (mute) Publish(progress.Snapshot) error { return nil }

// late does not look back.
type late struct {
	task.Claim
	listening atomic.Bool
}

func (c *late) OnCancel(f func(task.Cancellation)) {
	began := make(chan struct{})
	c.Claim.OnCancel(func(w task.Cancellation) {
		<-began
		if c.listening.Load() {
			f(w)
		}
	})
	close(began)
}

// twice tells everything twice.
type twice struct{ task.Claim }

func (c twice) OnCancel(f func(task.Cancellation)) {
	c.Claim.OnCancel(func(w task.Cancellation) { f(w); f(w) })
}

// first remembers who listened first.
type first struct {
	task.Claim
	listens bool
}

func (c *first) OnCancel(f func(task.Cancellation)) {
	if !c.listens {
		c.listens = true
		c.Claim.OnCancel(f)
	}
}

// silent writes no log.
type silent struct{ task.Claim }

func (c silent) Log() task.LogWriter { return noWriter{c.Claim.Log()} }

type noWriter struct{ task.LogWriter }

func (noWriter) Write(p []byte) (int, error) { return len(p), nil }

// sizeless takes every log for an empty one.
type sizeless struct{ task.Claim }

func (c sizeless) Log() task.LogWriter { return noSize{c.Claim.Log()} }

type noSize struct{ task.LogWriter }

func (noSize) Size() int64 { return 0 }

// lossy loses a line now and then.
type lossy struct {
	task.Claim
	written atomic.Int64
}

func (c *lossy) Log() task.LogWriter { return lossyWriter{c.Claim.Log(), c} }

type lossyWriter struct {
	task.LogWriter
	claim *lossy
}

func (w lossyWriter) Write(p []byte) (int, error) {
	if w.claim.written.Add(1)%7 == 0 {
		return len(p), nil
	}
	return w.LogWriter.Write(p)
}

type fromTheStart struct{ task.Log }

func (l fromTheStart) ReadAt(p []byte, _ int64) (int, error) { return l.Log.ReadAt(p, 0) }

type fromTheEnd struct{ task.Log }

func (l fromTheEnd) ReadAt([]byte, int64) (int, error) { return 0, io.EOF }

type endless struct{ task.Log }

func (endless) Ended() (bool, error) { return false, nil }
