package task

import (
	"context"
	"errors"
	"io"
	"time"

	"github.com/heirloom-backup/heirloom/task/progress"
)

// Store keeps the records and logs of tasks. NewMemory makes one that lasts as long as the process; package diskstore
// has one that lasts longer, and that several processes may use at a time. Package tasktest has the test that every
// store passes.
//
// A store is safe for concurrent use. What it returns without an error is durable: it is still there after the process
// was killed and, where the storage survives that, after the machine lost its power. An error of a method that writes
// means that the change may or may not have been made.
type Store interface {
	Reader

	// Create makes a new task known: a record that says Queued. The claim is the caller's until its task ends.
	// A record that cannot be, or whose task is there and has not ended, is refused.
	Create(ctx context.Context, r Record) (Claim, error)

	// Recover looks for tasks that have not ended and whose process is gone, and asks judge what to do with each. It
	// returns claims on those that were queued again; they are the caller's. A task whose owner lives is never touched.
	// One that somebody had asked to stop becomes Cancelled without a question. What ends here ended at its last sign of life.
	// With an error, claims may come as well. Records that cannot be read are ErrUnreadable, and do not hide the others.
	// ErrBusy says that somebody else does the same, and takes long.
	Recover(ctx context.Context, now time.Time, judge func(Record) Verdict) ([]Claim, error)

	// RequestCancel asks the owner of a task, in whatever process it is, to stop it. It returns ErrEnded if there is
	// nothing to stop any more, and ErrNotFound; that it returns nil does not mean that the task has stopped.
	RequestCancel(ctx context.Context, id UPID, c Cancellation) error

	// Prune removes ended records and logs beyond what keep says, as of now. Totals stay as they are.
	Prune(ctx context.Context, keep Retention, now time.Time) (Pruned, error)

	// Close frees what the store holds open. Tasks that are still claimed then have lost their owner.
	Close() error
}

// Reader is the half of a Store that changes nothing.
type Reader interface {
	// Get returns the record of a task, or ErrNotFound.
	Get(ctx context.Context, id UPID) (Record, error)

	// List returns a page of what q selects.
	List(ctx context.Context, q Query) (Page, error)

	// OpenLog opens the log of a task, which may be growing. One without a line yet has an empty log. It returns
	// ErrNotFound if the task is unknown, and ErrNoLog if its log was removed by age or count.
	OpenLog(ctx context.Context, id UPID) (Log, error)

	// Totals sums up the tasks that have ended, also those whose records are gone by now, for each day from that of
	// since up to that of until (the zero value is without bound), ordered by day, type and state.
	Totals(ctx context.Context, since, until time.Time) ([]Total, error)
}

// Claim is the hold that an owner has on a task that has not ended: nobody else changes its record. A claim is used by
// one goroutine at a time, but for Publish and Log.
type Claim interface {
	// Record returns the record as it was last made durable.
	Record() Record

	// Update replaces the record, durably: r must be of the same task and in a state that the last one can become.
	// With a final state the log is made durable too, and the claim ends.
	Update(ctx context.Context, r Record) error

	// Publish makes the progress of the task readable to others. It is not durable. It is safe for concurrent use.
	Publish(s progress.Snapshot) error

	// Log returns what appends to the log of the task.
	Log() LogWriter

	// OnCancel has f called once, on a goroutine of the store, when somebody asks to stop the task; at once if
	// somebody did before. Only the f of the last call counts.
	OnCancel(f func(Cancellation))

	// Release gives the claim up. A task that has not ended has then lost its owner. Nothing happens if it has ended.
	Release() error
}

// LogWriter appends to the log of a task. Each Write is to be of whole lines, and others can read them when it returns:
// they outlast the process. It is safe for concurrent use.
type LogWriter interface {
	io.Writer
	Size() int64 // how large the log is, in bytes: that of a task that was queued again is not empty
}

// Log is the log of one task, to be read: lines as package tasklog writes them.
type Log interface {
	io.ReaderAt // io.EOF at what is the end for now
	io.Closer

	// Ended tells whether nothing will be added any more.
	Ended() (bool, error)

	// Size returns how large the log is by now, in bytes.
	Size() (int64, error)
}

// Errors of stores.
var (
	ErrNotFound = errors.New("no such task")
	ErrNoLog    = errors.New("the task's log is not kept any more")
	ErrExists   = errors.New("the task is there already")
	ErrEnded    = errors.New("the task has ended")
	ErrReleased = errors.New("the claim on the task has ended")

	ErrUnreadable = errors.New("what is recorded of a task cannot be read")
	ErrBusy       = errors.New("somebody else is at it")
)

// Verdict is what to do with a task whose process is gone.
type Verdict int

// The verdicts.
const (
	Interrupted Verdict = iota // it failed, with the code CodeInterrupted
	QueueAgain                 // it is queued, and the caller's
	LeaveAlone                 // nothing: somebody else will see to it
)

// Cancellation is a wish that a task stops.
type Cancellation struct {
	By     string    `json:"by,omitempty"` // who wishes it
	Reason string    `json:"reason,omitempty"`
	At     time.Time `json:"at"`
}

// Bounded returns c with texts of at most a kilobyte each, as stores keep it.
func (c Cancellation) Bounded() Cancellation {
	c.By, c.Reason = clip(c.By), clip(c.Reason)
	return c
}
