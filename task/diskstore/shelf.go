package diskstore

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/heirloom-backup/heirloom/task"
	"github.com/heirloom-backup/heirloom/task/diskstore/internal/history"
)

// shelf opens the history for a while: for reading, then it stays open a little longer for whoever reads next, or for
// writing. While it is open its lock file is locked, shared or not.
type shelf struct {
	dir, lock, turnstile string
	o                    Options

	readers sync.WaitGroup

	busy    chan struct{} // a mutex whose waiting ends with a context: full while the history is opened, and as long as it is written
	current *reading      // nil: not open for reading, or only for those who have begun already
	shut    bool          // for good
	gaveUp  time.Time     // when somebody last waited for others in vain
}

func newShelf(l layout, o Options) shelf {
	return shelf{dir: l.history(), lock: l.historyLock(), turnstile: l.historyTurn(), o: o, busy: make(chan struct{}, 1)}
}

// enter locks what can be waited for with a context. The error is the context's.
func (h *shelf) enter(ctx context.Context) error {
	select {
	case h.busy <- struct{}{}:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("wait until the history of tasks is written: %w", ctx.Err())
	}
}

func (h *shelf) leave() { <-h.busy }

// queue enters, and returns a context for what others are waited for. Whoever stood in line behind one who waited in vain
// looks once, and does not wait as long as he did.
func (h *shelf) queue(ctx context.Context) (waiting context.Context, cancel context.CancelFunc, err error) {
	since, patience := time.Now(), h.o.Patience
	if err := h.enter(ctx); err != nil {
		return nil, nil, err
	}
	if h.gaveUp.After(since) {
		patience = 0
	}
	waiting, cancel = patient(ctx, patience)
	return waiting, cancel, nil
}

// noteBusy notes when others were waited for in vain, and returns err.
func (h *shelf) noteBusy(err error) error {
	if errors.Is(err, task.ErrBusy) {
		h.gaveUp = time.Now()
	}
	return err
}

// longest is how long the history stays open for reading when one reader follows the other, so that others can write.
const longest = 2 * time.Second

// read calls f with the history. Several may read at a time.
func (h *shelf) read(ctx context.Context, f func(*history.DB) error) error {
	r, err := h.begin(ctx)
	if err != nil {
		return err
	}
	defer h.readers.Done()
	err = f(r.db)
	return errors.Join(err, r.done())
}

// begin returns the history open for reading, to be given back with done.
func (h *shelf) begin(ctx context.Context) (*reading, error) {
	waiting, cancel, err := h.queue(ctx)
	if err != nil {
		return nil, err
	}
	defer cancel()
	defer h.leave()
	if h.shut {
		return nil, task.ErrClosed
	}
	if r := h.current; r == nil || time.Since(r.since) > longest || !r.use() {
		if err := h.reopenLocked(waiting); err != nil {
			return nil, err
		}
	}
	h.readers.Add(1)
	return h.current, nil
}

// reopenLocked opens the history for reading, for one who uses it at once.
func (h *shelf) reopenLocked(ctx context.Context) error {
	if err := h.retireLocked(); err != nil {
		return err
	}
	r, err := h.open(ctx)
	if errors.Is(err, history.ErrNeedsRepair) && !h.o.ReadOnly {
		if err = h.writing(ctx, func(*history.DB) error { return nil }); err == nil { // which is all that it needs
			r, err = h.open(ctx)
		}
	}
	if err != nil {
		return err
	}
	h.current = r
	time.AfterFunc(max(0, h.o.Linger), func() { h.expire(r) })
	return nil
}

func (h *shelf) open(ctx context.Context) (*reading, error) {
	held, err := h.lockShared(ctx)
	if h.noteBusy(err) != nil {
		return nil, err
	}
	db, err := history.Open(h.dir, history.Options{ReadOnly: true, Logger: h.o.Logger})
	if err != nil {
		closeFile(held)
		return nil, err
	}
	return &reading{db: db, held: held, since: time.Now(), users: 1}, nil
}

// write calls f with the history open for writing. Nobody reads meanwhile: those who do go on to their ends first.
func (h *shelf) write(ctx context.Context, f func(*history.DB) error) error {
	waiting, cancel, err := h.queue(ctx)
	if err != nil {
		return err
	}
	defer cancel()
	defer h.leave()
	if h.shut {
		return task.ErrClosed
	}
	if err := h.retireLocked(); err != nil {
		return err
	}
	return h.writing(waiting, f)
}

// writing is write for one who has entered. It waits for others until ctx ends.
func (h *shelf) writing(ctx context.Context, f func(*history.DB) error) (err error) {
	held, err := h.lockExclusive(ctx)
	if h.noteBusy(err) != nil {
		return err
	}
	defer closeFile(held)
	db, err := history.Open(h.dir, history.Options{Logger: h.o.Logger})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	return f(db)
}

// expire closes the history a while after it was opened. It costs little to open it again.
func (h *shelf) expire(r *reading) {
	_ = h.enter(context.Background())
	if h.current == r {
		h.current = nil
	}
	h.leave()
	if err := r.retire(); err != nil {
		h.o.Logger.Error("close the history of tasks", "err", err)
	}
}

// close closes the history for good, when nobody reads any more.
func (h *shelf) close() error {
	_ = h.enter(context.Background())
	h.shut = true
	err := h.retireLocked()
	h.leave()
	h.readers.Wait()
	return err
}

func (h *shelf) retireLocked() error {
	r := h.current
	h.current = nil
	if r == nil {
		return nil
	}
	return r.retire()
}
