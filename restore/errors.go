package restore

import "errors"

// Errors that callers branch on.
var (
	// ErrNotFound: the snapshot has no such path. It matches fs.ErrNotExist.
	ErrNotFound = errors.New("not in the snapshot")
	// ErrNotEmpty: the destination holds something, and Options.Overwrite is not set.
	ErrNotEmpty = errors.New("the destination is not empty")
	// ErrConflict: the destination has a folder where the snapshot has something else, or the other way round.
	ErrConflict = errors.New("in the way at the destination")
	// ErrNoSpace: what is to be restored does not fit.
	ErrNoSpace = errors.New("not enough free space at the destination")
	// ErrNotFile: only a file's content can be read.
	ErrNotFile = errors.New("not a file")
)
