package task

import (
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/heirloom-backup/heirloom/task/progress"
)

// Run is what the function of a task works with during one attempt. Its methods are safe for concurrent use. What is
// done with it after the end of the attempt does not count any more.
type Run struct {
	record  Record
	log     *slog.Logger
	tracker *progress.Tracker

	mu       sync.Mutex
	warnings Warnings

	looking sync.Mutex        // held while the counts are looked at, which may call what the function gave us
	snap    progress.Snapshot // what they were a moment ago
	snapped time.Time

	reached atomic.Pointer[string] // the stage in which the attempt ended; nil before
}

// newRun begins with what the record says of a task that is about to begin.
func newRun(t *Task) *Run {
	return &Run{record: t.record, log: slog.New(t.log), tracker: progress.New(t.runner.o.Now)}
}

// UPID returns the task's name.
func (r *Run) UPID() UPID { return r.record.UPID }

// Spec returns what was submitted.
func (r *Run) Spec() Spec { return r.record.Spec }

// Attempt counts the attempts, from 1.
func (r *Run) Attempt() int { return r.record.Attempt + 1 }

// Log returns the logger whose lines become the task's log, with the name of the stage that is going on.
func (r *Run) Log() *slog.Logger { return r.log }

// Stage begins a stage of the work; see progress.Tracker.Stage. Stages that have not ended end with the attempt.
func (r *Run) Stage(name string, total progress.Total) *progress.Stage {
	return r.tracker.Stage(clip(name), total)
}

// Warn notes that something was skipped or is odd: path says what it is about, and may be "". The task then ends as
// Warning instead of OK. It is logged as well.
func (r *Run) Warn(path string, reason error) {
	text := reason.Error() // may panic, and so not under the lock: whoever draws the conclusion needs it
	r.mu.Lock()
	r.warnings.Count++
	if len(r.warnings.Listed) < MaxNotes {
		r.warnings.Listed = append(r.warnings.Listed, Note{Path: clip(path), Reason: clip(text)})
	}
	r.mu.Unlock()
	r.log.Warn(text, "path", path)
}

// end is what the attempt came to.
func (r *Run) end() (progress.Snapshot, Warnings) {
	r.reached.Store(new(r.tracker.Current()))
	r.tracker.End()
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.tracker.Snapshot(), r.warnings
}

// tooFresh is the age below which a snapshot is as good as a new one. However many watch a task, its progress is worked
// out ten times a second.
const tooFresh = 100 * time.Millisecond

func (r *Run) snapshot() progress.Snapshot {
	r.looking.Lock()
	defer r.looking.Unlock()
	if now := time.Now(); r.snapped.IsZero() || now.Sub(r.snapped) >= tooFresh {
		r.snap, r.snapped = r.tracker.Snapshot(), now
	}
	return r.snap
}

// clip bounds a text of a record, in bytes.
func clip(text string) string {
	const most = 1 << 10
	if len(text) <= most {
		return strings.ToValidUTF8(text, "\uFFFD")
	}
	return strings.ToValidUTF8(text[:most], "") + "…"
}
