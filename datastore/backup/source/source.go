// Package source defines what a backup can save, and the sources there are: folders, disk images, streams, any fs.FS,
// and several of these as one.
//
// A program that has data of another shape implements Source, and Dir or File below it; package backup asks for
// nothing else.
package source

import (
	"context"
	"fmt"
	"io"
	"iter"

	"github.com/heirloom-backup/heirloom/datastore"
	"github.com/heirloom-backup/heirloom/datastore/tree"
)

// Source is what a backup saves: one folder, image or stream. Package sourcetest checks an implementation.
type Source interface {
	// Open returns the root. A source that can be read only once (a stream) fails with ErrReadOnce the second time.
	// Errors name the source and say why it cannot be saved.
	Open(ctx context.Context) (*Root, error)
}

// Root is an open source. Exactly one of Dir and File is set; whoever opened the root closes it.
type Root struct {
	// Entry is complete, Xattrs included: there is no folder above to ask for Detail. Its Name is for people: the base
	// name of what was saved.
	Entry tree.Entry
	Kind  datastore.Kind
	Dir   Dir
	File  File
	Paths []string // where it comes from, for the snapshot's details
}

// Dir is an open folder. Its methods may be called concurrently, but Close only after all others have returned; folders
// and files opened from it stay open.
//
// An entry whose ModTime is zero comes from a source that does not know when its content changed. Nothing can be
// concluded from such an entry being the same as in an older snapshot: the file has to be read.
type Dir interface {
	// Entries yields the metadata of the folder's entries in byte order of their names: what one stat tells, so
	// neither Xattrs nor Target. An error of type *EntryError says that one entry could not be asked; the listing
	// goes on. Any other error ends it: the rest of the folder is unknown.
	Entries(ctx context.Context) iter.Seq2[tree.Entry, error]

	// Detail adds what costs more to know: extended attributes, the target of a symlink. It is called only for
	// entries that an older snapshot does not hold unchanged. An error leaves the rest of e usable.
	Detail(ctx context.Context, e *tree.Entry) error

	// OpenDir and OpenFile open an entry that Entries yielded as a folder or file. They never follow a symlink that
	// has taken its place: where the source can notice, they fail with ErrReplaced.
	OpenDir(ctx context.Context, name string) (Dir, error)
	OpenFile(ctx context.Context, name string) (File, error)
	Close() error
}

// File is an open regular file, image or stream. It need not be safe for concurrent use.
type File interface {
	io.ReadCloser

	// Stat returns what Entries would say now of the file that is open, so that a change during the reading is
	// noticed. A file that cannot tell returns the zero Entry.
	Stat() (tree.Entry, error)
}

// Sparse is implemented by files that know where their holes are.
type Sparse interface {
	File
	io.ReaderAt

	// NextData returns the next range of bytes, at or after offset, that may not be zeros; io.EOF when all the rest is
	// a hole. Bytes between ranges are holes.
	NextData(offset int64) (start, end int64, err error)
}

// ZeroHoles is implemented by files whose zeros need not be told from holes, such as disk images: runs of zeros are
// then not stored at all and come back as holes.
type ZeroHoles interface {
	File
	ZerosAreHoles()
}

// EntryError says that one entry of a folder could not be asked for its metadata.
type EntryError struct {
	Name string
	Err  error
}

func (e *EntryError) Error() string { return fmt.Sprintf("%s: %v", e.Name, e.Err) }

func (e *EntryError) Unwrap() error { return e.Err }
