package tree

import (
	"time"

	"github.com/heirloom-backup/heirloom/chunk"
)

// Type says what an entry is.
type Type uint8

// The types of entries. The numbers are part of the store format.
const (
	File Type = iota + 1
	Dir
	Symlink
	FIFO
	Socket
	CharDevice
	BlockDevice
)

func (t Type) String() string {
	names := [...]string{"unknown", "file", "folder", "symlink", "fifo", "socket", "character device", "block device"}
	if int(t) >= len(names) {
		t = 0
	}
	return names[t]
}

// Entry is one object of a file system with its metadata.
type Entry struct {
	Name string // any bytes but "/" and NUL; not necessarily UTF-8
	Type Type
	Mode uint32 // permission, set-uid, set-gid and sticky bits, as in the low 12 bits of st_mode
	UID  uint32
	GID  uint32

	ModTime    Time
	ChangeTime Time   // zero where the source has none
	Inode      uint64 // zero where the source has none

	Link   uint64 // not zero: entries of a snapshot with equal numbers are hard links of one file
	Target string // of a symlink
	Major  uint32 // of a device
	Minor  uint32
	Xattrs []Xattr // in order of their names; POSIX ACLs and file capabilities are among them

	Size    int64    // bytes, of a file
	Extents []Extent // a file's content, in order, unless Tree holds it
	Tree    chunk.ID // a folder's node; or the node of a file with many extents
}

// Extent is a piece of a file: a chunk, or a hole where the ID is zero.
type Extent struct {
	ID     chunk.ID
	Length int64 // bytes
}

// Hole says whether the extent is a hole, which reads as zeros.
func (x Extent) Hole() bool { return x.ID.IsZero() }

// Xattr is an extended attribute.
type Xattr struct {
	Name  string
	Value []byte
}

// Time is a point in time as file systems keep it; unlike time.Time's nanoseconds since 1970 it has no range that a
// file's time could fall out of.
type Time struct {
	Sec  int64
	Nsec uint32
}

// TimeOf converts t; the zero time.Time becomes the zero Time.
func TimeOf(t time.Time) Time {
	if t.IsZero() {
		return Time{}
	}
	return Time{Sec: t.Unix(), Nsec: uint32(t.Nanosecond())}
}

// Time converts t, in UTC; the zero Time becomes the zero time.Time.
func (t Time) Time() time.Time {
	if t.IsZero() {
		return time.Time{}
	}
	return time.Unix(t.Sec, int64(t.Nsec)).UTC()
}

// IsZero says whether t is the zero Time, which stands for "not known".
func (t Time) IsZero() bool { return t == Time{} }
