//go:build linux || darwin || freebsd

package source

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"

	"golang.org/x/sys/unix"

	"github.com/heirloom-backup/heirloom/datastore/tree"
)

// status is what one stat tells. The conversions below are needed on some systems and void on others.
type status struct{ unix.Stat_t }

var types = map[uint32]tree.Type{
	unix.S_IFREG:  tree.File,
	unix.S_IFDIR:  tree.Dir,
	unix.S_IFLNK:  tree.Symlink,
	unix.S_IFIFO:  tree.FIFO,
	unix.S_IFSOCK: tree.Socket,
	unix.S_IFCHR:  tree.CharDevice,
	unix.S_IFBLK:  tree.BlockDevice,
}

func (s *status) format() uint32      { return uint32(s.Mode) & unix.S_IFMT }
func (s *status) isDir() bool         { return s.format() == unix.S_IFDIR }
func (s *status) isRegular() bool     { return s.format() == unix.S_IFREG }
func (s *status) fileSystem() uint64  { return uint64(s.Dev) }
func (s *status) same(o *status) bool { return s.Dev == o.Dev && s.Ino == o.Ino }

// hasHoles says whether less is allocated than the file is long. Blocks are of 512 bytes on every file system.
func (s *status) hasHoles() bool { return int64(s.Blocks)*512 < s.Stat_t.Size }

// entry is the status as an entry.
func (s *status) entry(name string) (tree.Entry, error) {
	e := tree.Entry{
		Name:       name,
		Type:       types[s.format()],
		Mode:       uint32(s.Mode) & 0o7777,
		UID:        s.Uid,
		GID:        s.Gid,
		ModTime:    timeOf(s.Mtim),
		ChangeTime: timeOf(s.Ctim),
		Inode:      uint64(s.Ino),
	}
	switch e.Type {
	case 0:
		return e, fmt.Errorf("file type %#o of this system cannot be saved", s.format())
	case tree.File:
		e.Size = s.Stat_t.Size
	case tree.CharDevice, tree.BlockDevice:
		e.Major, e.Minor = unix.Major(uint64(s.Rdev)), unix.Minor(uint64(s.Rdev))
	}
	if e.Type != tree.Dir && s.Nlink > 1 {
		e.Link = s.link()
	}
	return e, nil
}

// link is a number that the names of one file share. It is a hash, so that files of several file systems have several,
// and of a cryptographic kind, since two files with one number would be restored as one.
func (s *status) link() uint64 {
	var id [16]byte
	binary.LittleEndian.PutUint64(id[:], uint64(s.Dev))
	binary.LittleEndian.PutUint64(id[8:], uint64(s.Ino))
	sum := sha256.Sum256(id[:])
	return max(binary.LittleEndian.Uint64(sum[:]), 1)
}

func timeOf(t unix.Timespec) tree.Time {
	sec, nsec := t.Unix()
	return tree.Time{Sec: sec, Nsec: uint32(nsec)}
}
