package diskstore

import (
	"errors"
	"os"
	"time"

	"github.com/heirloom-backup/heirloom/task"
)

// settle does what is judged right for a task without an owner. One that somebody had asked to stop is not begun again.
func (r *recovery) settle(at task.Position, old state, end int64) error {
	if wish, err := r.readWish(at); err == nil {
		return r.takeOver(at, old.Record, end, func(rec task.Record, sign time.Time, log int64) task.Record {
			return rec.AfterCancellation(wish, sign, log)
		})
	}
	verdict := r.judge(old.Record)
	if verdict == task.LeaveAlone {
		return nil
	}
	return r.takeOver(at, old.Record, end, func(rec task.Record, sign time.Time, log int64) task.Record {
		return rec.AfterInterruption(verdict, sign, log)
	})
}

// takeOver makes the task this store's and its record what it becomes.
func (r *recovery) takeOver(at task.Position, rec task.Record, end int64, becomes func(task.Record, time.Time, int64) task.Record) error {
	c, err := r.newClaim(rec)
	if errors.Is(err, task.ErrExists) {
		return nil // this store is just giving it up, and has not forgotten it yet
	}
	if err != nil {
		return err
	}
	c.mu.Lock() // others see it among the claims
	defer c.mu.Unlock()
	if c.over {
		return task.ErrClosed
	}
	c.end = end
	next := becomes(rec, r.lastSign(rec), c.log.Size())
	if next.State.Final() {
		next.Progress = readProgress(r.Store.layout.progress(at))
	}
	if err := c.write(state{c.owner, next}); err != nil {
		r.forget(c)
		return err
	}
	if next.State.Final() {
		c.finish()
	} else {
		r.claims = append(r.claims, c)
	}
	return nil
}

// lastSign returns when a task was last seen alive: when it wrote its journal, its log or its progress.
func (r *recovery) lastSign(rec task.Record) time.Time {
	at, sign := rec.UPID.Position(), rec.Created
	for _, path := range []string{r.journal(at), r.Store.layout.progress(at), r.log(rec.UPID)} {
		info, err := os.Stat(path)
		if err == nil && info.ModTime().After(sign) && !info.ModTime().After(r.now) {
			sign = info.ModTime()
		}
	}
	return sign
}
