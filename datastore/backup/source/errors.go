package source

import (
	"errors"
	"io/fs"
	"strings"
)

var (
	// ErrReadOnce says that a source was opened again that can be read only once.
	ErrReadOnce = errors.New("this source can be read only once")

	// ErrReplaced says that an entry is of another type than when its folder was listed. It was not opened: a symlink
	// is not followed, a FIFO not waited for.
	ErrReplaced = errors.New("was replaced by something else since its folder was listed")

	// ErrPattern says that a text is not an exclude pattern.
	ErrPattern = errors.New("not an exclude pattern")
)

// pathError is err with one operation and path, whatever path the layers below have put into it.
func pathError(op, path string, err error) error {
	return &fs.PathError{Op: op, Path: path, Err: bare(err)}
}

// bare is err without its operation and path, for whoever names them anew. What has been wrapped stays as it is: its
// path is another one.
func bare(err error) error {
	if inner, ok := err.(*fs.PathError); ok {
		return inner.Err
	}
	return err
}

// validName says whether a folder can have an entry of this name.
func validName(name string) bool {
	return name != "" && name != "." && name != ".." && !strings.ContainsAny(name, "/\x00")
}
