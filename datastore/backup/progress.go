package backup

import (
	"sync"
	"sync/atomic"

	"github.com/heirloom-backup/heirloom/datastore"
)

// Progress is written by a run and may be read by anybody at any time; nobody who reads it can hold the run up. Its
// zero value is ready. Use one for one run.
type Progress struct {
	files, dirs, bytes, bytesRead, warnings atomic.Int64
}

// Counters is a moment of a run. Sizes are bytes.
type Counters struct {
	Files, Dirs int64
	Bytes       int64 // logical size of what was done
	BytesRead   int64 // the part of it that was really read
	Warnings    int64
}

// Counters returns the figures so far.
func (p *Progress) Counters() Counters {
	return Counters{p.files.Load(), p.dirs.Load(), p.bytes.Load(), p.bytesRead.Load(), p.warnings.Load()}
}

// reset begins anew: the source is read once more.
func (p *Progress) reset() {
	if p == nil {
		return
	}
	for _, c := range []*atomic.Int64{&p.files, &p.dirs, &p.bytes, &p.bytesRead, &p.warnings} {
		c.Store(0)
	}
}

// warnings collects what was skipped: the first ones, and how many.
type warnings struct {
	mu    sync.Mutex
	first []datastore.Warning
	count int64
}

func (w *warnings) add(path string, reason string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.count++
	if len(w.first) < datastore.MaxWarnings {
		w.first = append(w.first, datastore.Warning{Path: path, Reason: reason})
	}
}

func (w *warnings) list() ([]datastore.Warning, int64) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.first, w.count
}

func (r *run) warn(path string, err error) {
	r.o.Progress.warnings.Add(1)
	r.warnings.add(path, err.Error())
}
