package task

import (
	"time"

	"github.com/heirloom-backup/heirloom/task/progress"
	"github.com/heirloom-backup/heirloom/task/remedy"
)

// Record is all that is kept of a task. It is a value: whoever gets one may keep it, and must not change what its slices
// hold. Times are UTC.
type Record struct {
	UPID UPID `json:"upid"`
	Spec
	State   State `json:"state"`
	Attempt int   `json:"attempt,omitempty"` // how often it was begun

	// Interrupted is how often in a row it was queued again because its process had died; see MaxInterruptions.
	Interrupted int `json:"interrupted,omitempty"`

	Created   time.Time `json:"created"`             // the UPID has it to the second
	NotBefore time.Time `json:"not_before,omitzero"` // while queued: it is not begun earlier
	Started   time.Time `json:"started,omitzero"`    // of the last attempt; zero if there was none
	Ended     time.Time `json:"ended,omitzero"`      // zero until the state is final; never before Started

	Failure  *remedy.Failure   `json:"failure,omitempty"` // why it failed, was cancelled or is tried again
	Warnings Warnings          `json:"warnings,omitzero"`
	Progress progress.Snapshot `json:"progress,omitzero"`  // of one that has not ended: as of up to a few seconds ago
	LogSize  int64             `json:"log_size,omitempty"` // of the log of one that has ended, in bytes
}

// MaxInterruptions is how often in a row a runner takes a task up again whose process died while it ran. Then it has failed,
// with remedy.CodeInterrupted: it may be what its processes die of.
const MaxInterruptions = 5

// Duration returns how long the last attempt took, or has taken by now.
func (r *Record) Duration(now time.Time) time.Duration {
	switch {
	case r.Started.IsZero():
		return 0
	case r.Ended.IsZero():
		return max(0, now.Sub(r.Started)) // a clock may have been set back since
	}
	return r.Ended.Sub(r.Started)
}

// Warnings are what a task noticed without failing.
type Warnings struct {
	Count  int64  `json:"count"`
	Listed []Note `json:"listed,omitempty"` // the first of them, at most MaxNotes; the log has them all
}

// MaxNotes is how many warnings a record lists. The others are counted, and stand in the task's log.
const MaxNotes = 100

// Note is one warning.
type Note struct {
	Path   string `json:"path,omitempty"` // what it is about, such as a file
	Reason string `json:"reason"`
}
