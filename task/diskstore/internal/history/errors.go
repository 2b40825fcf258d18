package history

import (
	"errors"
	"fmt"

	"github.com/heirloom-backup/heirloom/task"
)

// DamageError says that one thing in the database cannot be read. Everything else can.
type DamageError struct {
	Position task.Position // of the record; zero for a total
	Key      []byte        // under which it lies in the database
	Err      error
}

func (e *DamageError) Error() string {
	if e.Position.IsZero() {
		return fmt.Sprintf("read total, key %x: %v", e.Key, e.Err)
	}
	return fmt.Sprintf("read record of task %s, key %x: %v", e.Position, e.Key, e.Err)
}

func (e *DamageError) Unwrap() error { return e.Err }

// errMissing is the damage when the index has a record that is not there.
var errMissing = errors.New("the index names it, but it is not there")

// FolderError says why a folder cannot be opened as a database, and what to do.
type FolderError struct {
	Path   string // of the file at fault, or of the folder
	Err    error
	Remedy string // what to do next, a sentence
}

func (e *FolderError) Error() string {
	return fmt.Sprintf("open task history: %s: %v; %s", e.Path, e.Err, e.Remedy)
}

func (e *FolderError) Unwrap() error { return e.Err }

// ErrNeedsRepair says that the last process that wrote has not closed the database. Opening it for writing, once, puts
// that right; nothing is lost.
var ErrNeedsRepair = errors.New("the task history was not closed and has to be opened for writing once")

// ErrReadOnly says that the database was opened for reading only.
var ErrReadOnly = errors.New("the task history is open for reading only")

// remedyRestore is for damage that no program can put right.
const remedyRestore = "put a copy of the folder back, or move it away to go on without the old records"
