package diskstore

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/heirloom-backup/heirloom/task"
	"github.com/heirloom-backup/heirloom/task/diskstore/internal/filelock"
)

// Recover looks at the journals whose owner is gone. One process does so at a time.
func (s *Store) Recover(ctx context.Context, now time.Time, judge func(task.Record) task.Verdict) ([]task.Claim, error) {
	if err := s.usable(ctx); err != nil {
		return nil, fmt.Errorf("recover tasks: %w", err)
	}
	lock, err := acquire(ctx, s.recoverLock(), filelock.TryExclusive, s.o.Patience)
	if err != nil {
		return nil, fmt.Errorf("recover tasks: %w", err)
	}
	defer lock.Close()
	r := &recovery{Store: s, now: now, judge: judge, alive: map[string]bool{}, needed: map[string]bool{}}
	err = r.run(ctx)
	if err == nil && r.unreadable != nil {
		err = fmt.Errorf("%w: %w", task.ErrUnreadable, r.unreadable)
	}
	if err != nil {
		return r.claims, fmt.Errorf("recover tasks: %w", err)
	}
	return r.claims, nil
}

// recovery is one look at all journals.
type recovery struct {
	*Store
	now    time.Time
	judge  func(task.Record) task.Verdict
	alive  map[string]bool // by owner
	needed map[string]bool // owners that are gone, and whose tasks were left alone
	claims []task.Claim

	unreadable error // journals that say nothing
}

func (r *recovery) run(ctx context.Context) error {
	entries, err := os.ReadDir(r.live())
	if err != nil {
		return err
	}
	var failed error
	for _, e := range entries {
		if err := ctx.Err(); err != nil {
			return errors.Join(failed, err)
		}
		failed = errors.Join(failed, r.look(e.Name()))
	}
	if failed != nil || r.unreadable != nil {
		return failed // somebody may be needed
	}
	return r.removeOwners()
}

// look sees what is to be done about one file of the live folder.
func (r *recovery) look(name string) error {
	if owner, ok := ownerOfDraft(name); ok {
		return r.removeDraft(name, owner)
	}
	at, ok := positionOf(name, journalEnd)
	if !ok {
		return nil
	}
	s, end, err := readJournal(r.journal(at))
	switch {
	case errors.Is(err, fs.ErrNotExist): // filed meanwhile
		return nil
	case errors.Is(err, errNoState):
		r.unreadable = errors.Join(r.unreadable, err)
		return nil
	case err != nil || s.Record.State.Final():
		return err
	}
	alive, err := r.isAlive(s.Owner)
	if err != nil || alive {
		return err
	}
	return r.settle(at, s, end)
}

// isAlive asks once for each owner: one that was found dead stays so.
func (r *recovery) isAlive(owner string) (bool, error) {
	alive, known := r.alive[owner]
	if known {
		return alive, nil
	}
	alive, err := r.Store.layout.alive(owner)
	if err == nil {
		r.alive[owner] = alive
	}
	return alive, err
}

// removeDraft removes a journal that nobody will finish: no task was told of.
func (r *recovery) removeDraft(name, owner string) error {
	alive, err := r.isAlive(owner)
	if err != nil || alive {
		return err
	}
	return removeIfThere(filepath.Join(r.live(), name))
}

// settle does what is judged right for a task without an owner. One that somebody had asked to stop is not begun again.
func (r *recovery) settle(at task.Position, old state, end int64) error {
	if wish, err := r.readWish(at); err == nil {
		return r.takeOver(at, old.Record, end, func(rec task.Record, sign time.Time, log int64) task.Record {
			return rec.AfterCancellation(wish, sign, log)
		})
	}
	verdict := r.judge(old.Record)
	if verdict == task.LeaveAlone {
		r.needed[old.Owner] = true
		return nil
	}
	return r.takeOver(at, old.Record, end, func(rec task.Record, sign time.Time, log int64) task.Record {
		return rec.AfterInterruption(verdict, sign, log)
	})
}

// takeOver makes the task this store's and its record what it becomes.
func (r *recovery) takeOver(at task.Position, rec task.Record, end int64, becomes func(task.Record, time.Time, int64) task.Record) error {
	c, err := r.newClaim(rec)
	if err != nil {
		return err
	}
	c.mu.Lock() // others see it among the claims
	defer c.mu.Unlock()
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

// removeOwners removes the files of owners that are gone and have left nothing behind. One that stays for whatever reason
// does no harm: the next look finds it again.
func (r *recovery) removeOwners() error {
	entries, err := os.ReadDir(r.owners())
	for _, e := range entries {
		if !r.needed[e.Name()] && !r.alive[e.Name()] {
			r.removeOwner(e.Name())
		}
	}
	return err
}

// removeOwner removes the file of an owner that is gone, with its lock held: a process that has just made it, and has not
// locked it yet, then knows.
func (l layout) removeOwner(id string) {
	f, err := os.Open(l.owner(id))
	if err != nil {
		return
	}
	defer f.Close()
	if filelock.TryExclusive(f) == nil {
		_ = os.Remove(l.owner(id))
	}
}
