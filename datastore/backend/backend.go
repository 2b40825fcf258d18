// Package backend defines where a store keeps its objects: a flat set of named, immutable byte strings.
//
// A backend is a plain translation to its service (a directory, a bucket, a remote server). Everything that is not
// storage — retries, limits, read-only access, metrics — is a wrapper of the same interface. Authors of backends run
// the suite in backend/backendtest against theirs.
package backend

import (
	"context"
	"errors"
	"io"
	"iter"
)

// Errors a backend reports, wrapped so that the message names the operation and the object. Anything else a backend
// returns means "the storage could not be asked": callers must never take such an error for an answer.
var (
	ErrNotFound = errors.New("object not found")
	ErrExist    = errors.New("object exists already")
	ErrReadOnly = errors.New("storage is read-only")
	ErrBadName  = errors.New("illegal object name")
)

// Backend stores objects. All methods are safe for concurrent use, also by several processes on one storage. With a
// context that is done every call fails with its error; a listing under way ends with it unless it is complete, and a
// reader may go on or fail.
//
// Names are slash-separated paths of components made of letters, digits and "._-~%", of 1 to 255 bytes each, none
// ending in a dot; CheckName is the rule in code, and a name that breaks it fails with ErrBadName. Names compare
// case-sensitively, but no two names that a store uses differ in case only, and none is a folder of another: where
// "a/b" is an object, "a" is not.
type Backend interface {
	// Put stores data under name. When it returns nil the object is durable and visible, whole, to every later Get
	// and List. A reader never sees part of an object. If name exists already, Put fails with ErrExist and changes
	// nothing. After any other error the object may or may not exist, but if it does it is whole. Put does not keep data.
	Put(ctx context.Context, name string, data []byte) error

	// Get reads length bytes from offset; a negative length reads to the end. The reader ends early (io.EOF) where
	// the object does, so an offset beyond the end reads nothing. The error is ErrNotFound if the object does not exist,
	// also when length is 0: a cheap way to ask. The caller closes the reader.
	Get(ctx context.Context, name string, offset, length int64) (io.ReadCloser, error)

	// List yields every object whose name begins with prefix, which is empty or ends in "/", in no particular order.
	// An object put or deleted while the listing runs may or may not be seen; every other object is seen exactly once.
	// An error is the last thing yielded: a listing that ended without one is complete.
	List(ctx context.Context, prefix string) iter.Seq2[Info, error]

	// Delete removes an object durably. Removing an object that does not exist succeeds.
	Delete(ctx context.Context, name string) error
}

// Info describes an object in a listing.
type Info struct {
	Name string
	Size int64 // bytes
}

// Spacer is implemented by backends that know how much room is left.
type Spacer interface {
	// Free returns the number of bytes that can still be stored.
	Free(ctx context.Context) (int64, error)
}

// Local is implemented by backends that keep their objects in a local directory, so that a backup can leave its own
// store out.
type Local interface {
	Dir() string
}
