package source

import (
	"fmt"
	"io/fs"

	"github.com/heirloom-backup/heirloom/datastore/tree"
)

// entryOf is what every system's file information says: type, permissions, modification time and size.
func entryOf(name string, info fs.FileInfo) (tree.Entry, error) {
	e := tree.Entry{Name: name, Mode: modeBits(info.Mode()), ModTime: tree.TimeOf(info.ModTime())}
	switch info.Mode().Type() {
	case 0:
		e.Type, e.Size = tree.File, info.Size()
	case fs.ModeDir:
		e.Type = tree.Dir
	case fs.ModeSymlink:
		e.Type = tree.Symlink
	case fs.ModeNamedPipe:
		e.Type = tree.FIFO
	case fs.ModeSocket:
		e.Type = tree.Socket
	default: // a device too: nothing says which
		return e, fmt.Errorf("file of mode %v cannot be saved", info.Mode())
	}
	return e, nil
}

// modeBits is m as st_mode has it.
func modeBits(m fs.FileMode) uint32 {
	bits := uint32(m.Perm())
	if m&fs.ModeSetuid != 0 {
		bits |= 0o4000
	}
	if m&fs.ModeSetgid != 0 {
		bits |= 0o2000
	}
	if m&fs.ModeSticky != 0 {
		bits |= 0o1000
	}
	return bits
}
