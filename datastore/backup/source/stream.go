package source

import (
	"context"
	"fmt"
	"io"
	"sync/atomic"

	"github.com/heirloom-backup/heirloom/datastore"
	"github.com/heirloom-backup/heirloom/datastore/tree"
)

// Stream is whatever r reads, saved as one file called name that its owner may read and write. Its size and times are
// not known.
//
// It can be opened once. Closing it does not close r, which stays the caller's; a Read that waits is not interrupted
// when the context ends.
func Stream(name string, r io.Reader) Source { return &stream{name: name, r: r} }

type stream struct {
	name string
	r    io.Reader
	used atomic.Bool
}

func (s *stream) Open(ctx context.Context) (*Root, error) {
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("open stream %q: %w", s.name, err)
	}
	if !validName(s.name) {
		return nil, fmt.Errorf("open stream %q: this cannot be the name of a file", s.name)
	}
	if s.used.Swap(true) {
		return nil, fmt.Errorf("open stream %q: %w", s.name, ErrReadOnce)
	}
	e := tree.Entry{Name: s.name, Type: tree.File, Mode: 0o600}
	return &Root{Entry: e, Kind: datastore.Dataset, File: streamFile{s.r}}, nil
}

type streamFile struct{ io.Reader }

// Stat cannot tell anything.
func (streamFile) Stat() (tree.Entry, error) { return tree.Entry{}, nil }

func (streamFile) Close() error { return nil }
