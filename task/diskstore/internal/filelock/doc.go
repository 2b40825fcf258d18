// Package filelock locks open files among processes. The system frees a lock when the process ends, however it ends.
package filelock

import "errors"

// ErrHeld says that somebody else holds a lock that excludes the one that was asked for.
var ErrHeld = errors.New("the file is locked by another process")
