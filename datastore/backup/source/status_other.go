//go:build !linux && !darwin && !freebsd

package source

import (
	"io/fs"
	"os"

	"github.com/heirloom-backup/heirloom/datastore/tree"
)

// status is what one stat tells.
type status struct{ fs.FileInfo }

func (s *status) isDir() bool         { return s.IsDir() }
func (s *status) same(o *status) bool { return os.SameFile(s.FileInfo, o.FileInfo) }

// fileSystem is the same everywhere: what is mounted in a folder is a junction here and not entered anyway.
func (s *status) fileSystem() uint64 { return 0 }

func (s *status) entry(name string) (tree.Entry, error) { return entryOf(name, s.FileInfo) }
