package task

import (
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/heirloom-backup/heirloom/task/progress"
)

// Run is what the function of a task works with during one attempt. Its methods are safe for concurrent use. What is
// done with it after the end of the attempt does not count any more.
type Run struct {
	record  Record
	log     *slog.Logger
	tracker *progress.Tracker
	sight   sight // of the tracker's counts

	mu       sync.Mutex
	warnings Warnings

	reached atomic.Pointer[string] // the stage in which the attempt ended; nil before
}

// newRun begins with what the record says of a task that is about to begin.
func newRun(t *Task) *Run {
	tracker := progress.New(t.runner.o.Now)
	return &Run{record: t.record, log: slog.New(t.log), tracker: tracker, sight: sight{tracker: tracker}}
}

// UPID returns the task's name.
func (r *Run) UPID() UPID { return r.record.UPID }

// Spec returns what was submitted.
func (r *Run) Spec() Spec { return r.record.Spec }

// Attempt counts the attempts, from 1.
func (r *Run) Attempt() int { return r.record.Attempt + 1 }

// Log returns the logger whose lines become the task's log, with the name of the stage that is going on.
func (r *Run) Log() *slog.Logger { return r.log }

// Stage begins a stage of the work; see progress.Tracker.Stage. Stages that have not ended end with the attempt, and so
// functions that they follow are part of it: it is not over before they have answered a last time.
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

// snapshot is how far the attempt has come by now or, if it cannot be seen at once, had come when it was seen last.
func (r *Run) snapshot() progress.Snapshot { return r.sight.glimpse(false) }

// finish ends the stages when the function has returned, on its goroutine: the functions that are followed may take long.
func (r *Run) finish() {
	r.reach()
	r.sight.finish()
}

// end is what the attempt came to. Of one that was abandoned it is what can be seen.
func (r *Run) end() (progress.Snapshot, Warnings) {
	r.reach()
	snap := r.sight.glimpse(true)
	r.mu.Lock()
	defer r.mu.Unlock()
	return snap, r.warnings
}

// reach notes the stage in which the attempt ends, once.
func (r *Run) reach() { r.reached.CompareAndSwap(nil, new(r.tracker.Current())) }

// clip bounds a text of a record, in bytes.
func clip(text string) string {
	const most = 1 << 10
	if len(text) <= most {
		return strings.ToValidUTF8(text, "\uFFFD")
	}
	return strings.ToValidUTF8(text[:most], "") + "…"
}
