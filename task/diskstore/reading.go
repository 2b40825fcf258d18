package diskstore

import (
	"os"
	"sync"
	"time"

	"github.com/heirloom-backup/heirloom/task/diskstore/internal/history"
)

// reading is the history open for reading. It is closed by the last who uses it, once it is retired: a reader who takes
// long holds up nobody but those who want to write.
type reading struct {
	db    *history.DB
	held  *os.File // the lock; nil where there is none
	since time.Time

	mu      sync.Mutex
	users   int
	retired bool // nobody begins to use it any more
	closed  bool
}

// use counts a user, unless it is too late for one.
func (r *reading) use() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.retired {
		r.users++
	}
	return !r.retired
}

func (r *reading) done() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.users--
	return r.closeIfIdle()
}

func (r *reading) retire() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.retired = true
	return r.closeIfIdle()
}

func (r *reading) closeIfIdle() error {
	if !r.retired || r.users > 0 || r.closed {
		return nil
	}
	r.closed = true
	defer closeFile(r.held)
	return r.db.Close()
}
