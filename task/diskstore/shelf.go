package diskstore

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"sync"
	"time"

	"github.com/heirloom-backup/heirloom/task"
	"github.com/heirloom-backup/heirloom/task/diskstore/internal/filelock"
	"github.com/heirloom-backup/heirloom/task/diskstore/internal/history"
)

// shelf opens the history for a while: for reading, then it stays open a little longer for whoever reads next, or for
// writing. While it is open its lock file is locked, shared or not.
type shelf struct {
	dir, lock string
	o         Options

	mu    sync.RWMutex // held by readers while they read, and exclusively by whoever opens, closes or writes
	db    *history.DB  // open for reading; nil: closed
	held  *os.File
	since time.Time   // it was opened
	later *time.Timer // closes it
	shut  bool        // for good
}

// longest is how long the history stays open for reading when one reader follows the other, so that others can write.
const longest = 2 * time.Second

// read calls f with the history.
func (h *shelf) read(ctx context.Context, f func(*history.DB) error) error {
	h.mu.RLock()
	for h.db == nil || time.Since(h.since) > longest {
		h.mu.RUnlock()
		if err := h.reopen(ctx); err != nil {
			return err
		}
		h.mu.RLock()
	}
	defer h.mu.RUnlock()
	return f(h.db)
}

// reopen opens the history for reading, and closes it before that if it has been open for long.
func (h *shelf) reopen(ctx context.Context) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.shut {
		return task.ErrClosed
	}
	if h.db != nil && time.Since(h.since) <= longest {
		return nil
	}
	if err := h.closeLocked(); err != nil {
		return err
	}
	held, err := h.shared(ctx)
	if err != nil {
		return err
	}
	db, err := history.Open(h.dir, history.Options{ReadOnly: true, Logger: h.o.Logger})
	if errors.Is(err, history.ErrNeedsRepair) && !h.o.ReadOnly {
		closeFile(held)
		if err = h.repair(ctx); err == nil {
			held, err = h.shared(ctx)
		}
		if err == nil {
			db, err = history.Open(h.dir, history.Options{ReadOnly: true, Logger: h.o.Logger})
		}
	}
	if err != nil {
		closeFile(held)
		return err
	}
	h.db, h.held, h.since = db, held, time.Now()
	h.later = time.AfterFunc(max(0, h.o.Linger), h.expire)
	return nil
}

// shared locks for reading. The file is there since the store was made; where somebody has removed it, nobody writes.
func (h *shelf) shared(ctx context.Context) (*os.File, error) {
	f, err := os.Open(h.lock)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	if err := await(ctx, f, filelock.TryShared, h.o.Patience); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

// repair opens the history for writing once, which is all that one needs whose last writer died.
func (h *shelf) repair(ctx context.Context) error {
	return h.writing(ctx, func(*history.DB) error { return nil })
}

// write calls f with the history open for writing. Nobody reads meanwhile.
func (h *shelf) write(ctx context.Context, f func(*history.DB) error) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if err := h.closeLocked(); err != nil {
		return err
	}
	return h.writing(ctx, f)
}

func (h *shelf) writing(ctx context.Context, f func(*history.DB) error) (err error) {
	held, err := acquire(ctx, h.lock, filelock.TryExclusive, h.o.Patience)
	if err != nil {
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

// expire closes the history when it was not used for a while, or rather: a while after it was opened. It costs little
// to open it again.
func (h *shelf) expire() {
	h.mu.Lock()
	defer h.mu.Unlock()
	if err := h.closeLocked(); err != nil {
		h.o.Logger.Error("close the history of tasks", "err", err)
	}
}

// close closes the history for good.
func (h *shelf) close() error {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.shut = true
	return h.closeLocked()
}

func (h *shelf) closeLocked() error {
	if h.db == nil {
		return nil
	}
	h.later.Stop()
	err := h.db.Close()
	closeFile(h.held)
	h.db, h.held = nil, nil
	return err
}

// closeFile closes a lock file, if there is one. Its content is nothing.
func closeFile(f *os.File) {
	if f != nil {
		_ = f.Close()
	}
}
