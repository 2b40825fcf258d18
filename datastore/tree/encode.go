package tree

import (
	"encoding/binary"

	"github.com/heirloom-backup/heirloom/datastore/internal/wire"
)

// kind is the first byte of a node's body.
type kind uint8

const (
	kindDir kind = iota + 1
	kindDirIndex
	kindFile
	kindFileIndex
)

// Flags of an entry: which of the optional fields follow.
const (
	flagLink = 1 << iota
	flagTarget
	flagDevice
	flagXattrs
	allFlags = flagLink | flagTarget | flagDevice | flagXattrs
)

// appendEntry encodes e without its refs.
func appendEntry(dst []byte, e *Entry) []byte {
	dst = append(dst, byte(e.Type))
	dst = wire.AppendBytes(dst, e.Name)
	for _, v := range [...]uint32{e.Mode, e.UID, e.GID} {
		dst = binary.AppendUvarint(dst, uint64(v))
	}
	dst = appendTime(dst, e.ModTime)
	dst = appendTime(dst, e.ChangeTime)
	dst = binary.AppendUvarint(dst, e.Inode)
	dst = appendOptional(dst, e)
	if e.Type == File {
		dst = binary.AppendUvarint(dst, uint64(e.Size))
		dst = appendContent(dst, e)
	}
	return dst
}

func appendTime(dst []byte, t Time) []byte {
	dst = binary.AppendVarint(dst, t.Sec)
	return binary.AppendUvarint(dst, uint64(t.Nsec))
}

func appendOptional(dst []byte, e *Entry) []byte {
	flags := e.flags()
	dst = binary.AppendUvarint(dst, flags)
	if flags&flagLink != 0 {
		dst = binary.AppendUvarint(dst, e.Link)
	}
	if flags&flagTarget != 0 {
		dst = wire.AppendBytes(dst, e.Target)
	}
	if flags&flagDevice != 0 {
		dst = binary.AppendUvarint(dst, uint64(e.Major))
		dst = binary.AppendUvarint(dst, uint64(e.Minor))
	}
	if flags&flagXattrs != 0 {
		dst = binary.AppendUvarint(dst, uint64(len(e.Xattrs)))
		for _, x := range e.Xattrs {
			dst = wire.AppendBytes(dst, x.Name)
			dst = wire.AppendBytes(dst, x.Value)
		}
	}
	return dst
}

func (e *Entry) flags() (f uint64) {
	if e.Link != 0 {
		f |= flagLink
	}
	if e.Target != "" {
		f |= flagTarget
	}
	if e.Major != 0 || e.Minor != 0 {
		f |= flagDevice
	}
	if len(e.Xattrs) != 0 {
		f |= flagXattrs
	}
	return f
}

// appendContent encodes a file's extents, or 0 where its content has a node of its own.
func appendContent(dst []byte, e *Entry) []byte {
	if !e.Tree.IsZero() {
		return append(dst, 0)
	}
	dst = binary.AppendUvarint(dst, uint64(len(e.Extents))+1)
	for _, x := range e.Extents {
		dst = appendExtent(dst, x)
	}
	return dst
}

func appendExtent(dst []byte, x Extent) []byte {
	v := uint64(x.Length) << 1
	if x.Hole() {
		v |= 1
	}
	return binary.AppendUvarint(dst, v)
}
