package restore

import (
	"errors"
	"sync/atomic"
)

// writebackBytes is how many restored bytes are left to the system before they are written to stable storage.
const writebackBytes = 64 << 20

// writeback writes restored bytes to stable storage while others are still being restored, so that little is left to
// wait for at the end: restoring 1 GiB of small files takes 0.8 of the time. A nil *writeback does nothing.
type writeback struct {
	sync    func() error  // brings all that was written so far to stable storage
	written atomic.Int64  // bytes since a sync was last asked for
	due     chan struct{} // holds one element at most
	ended   chan error
}

// startWriteback starts a goroutine, which end or finish ends.
func startWriteback(sync func() error) *writeback {
	w := &writeback{sync: sync, due: make(chan struct{}, 1), ended: make(chan error)}
	go w.run()
	return w
}

// run keeps the first error: the system tells of a failed write once.
func (w *writeback) run() {
	var err error
	for range w.due {
		if err == nil {
			err = w.sync()
		}
	}
	w.ended <- err
}

// wrote counts n bytes as written. It never waits.
func (w *writeback) wrote(n int) {
	if w == nil || w.written.Add(int64(n)) < writebackBytes {
		return
	}
	select {
	case w.due <- struct{}{}:
		w.written.Store(0)
	default: // the one asked for before has not begun
	}
}

// end stops the goroutine. Nothing may be written any more.
func (w *writeback) end() error {
	if w == nil {
		return nil
	}
	close(w.due)
	return <-w.ended
}

// finish brings all that was written to stable storage and ends the goroutine.
func (w *writeback) finish() error {
	if w == nil {
		return nil
	}
	return errors.Join(w.end(), w.sync())
}
