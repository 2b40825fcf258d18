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
	waiting, cancel := patient(ctx, s.o.Patience)
	defer cancel()
	lock, err := acquire(waiting, s.recoverLock(), filelock.TryExclusive)
	if err != nil {
		return nil, fmt.Errorf("recover tasks: %w", err)
	}
	defer lock.Close()
	r := &recovery{Store: s, now: now, judge: judge, ask: s.layout.alive, alive: map[string]bool{}}
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
	ask    func(owner string) (alive bool, err error)
	alive  map[string]bool // what was answered
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
	return errors.Join(failed, r.removeOwners())
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
	s, _, open, err := r.unfinished(at)
	if err != nil || !open {
		return err
	}
	alive, err := r.isAlive(s.Owner)
	if err != nil || alive && !r.letGo(s.Owner, at) {
		return err
	}
	return r.lookAgain(at)
}

// lookAgain sees what is to be done about a task whose owner is gone. What the journal said before that was known does not
// count: until then the owner may have written more, or have ended the task, and filed it. From now on nobody writes but
// the one who recovers.
func (r *recovery) lookAgain(at task.Position) error {
	s, end, open, err := r.unfinished(at)
	if err != nil || !open {
		return err
	}
	return r.settle(at, s, end)
}

// unfinished reads the journal of a task, which is not open if it has ended.
func (r *recovery) unfinished(at task.Position) (s state, end int64, open bool, err error) {
	s, end, err = readJournal(r.journal(at))
	switch {
	case errors.Is(err, fs.ErrNotExist): // filed meanwhile
		return s, end, false, nil
	case errors.Is(err, errNoState):
		r.unreadable = errors.Join(r.unreadable, err)
		return s, end, false, nil
	}
	return s, end, err == nil && !s.Record.State.Final(), err
}

// letGo tells whether a task is one of this store's own whose claim was given up, when its journal could not be told so.
func (r *recovery) letGo(owner string, at task.Position) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.self != nil && r.self.id == owner && r.Store.claims[at] == nil
}

// isAlive asks once for each owner: one that was found dead stays so.
func (r *recovery) isAlive(owner string) (bool, error) {
	alive, known := r.alive[owner]
	if known {
		return alive, nil
	}
	alive, err := r.ask(owner)
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
