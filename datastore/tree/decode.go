package tree

import (
	"errors"
	"fmt"
	"math"
	"strings"

	"github.com/heirloom-backup/heirloom/chunk"
	"github.com/heirloom-backup/heirloom/datastore/internal/wire"
)

// ErrFormat says that a node's bytes are not what the format allows.
var ErrFormat = errors.New("malformed tree node")

const (
	maxName    = 4096 // bytes; no file system known allows more than 1024
	minEntry   = 11   // bytes of the shortest entry, but for its name
	maxSize    = math.MaxInt64
	maxNsec    = 999_999_999
	maxPayload = MaxNodeSize
)

// decoder reads a body and hands out the refs in order.
type decoder struct {
	*wire.Reader
	refs Refs
}

// openNode returns a decoder behind the kind and count of n.
func openNode(n Node) (*decoder, kind, int) {
	d := &decoder{Reader: wire.NewReader(n.Body), refs: n.Refs}
	k := kind(d.U8("kind"))
	if k < kindDir || k > kindFileIndex {
		d.Fail("kind %d is unknown", k)
	}
	sizes := [...]int{1, minEntry, 1, 1, 1}
	count := d.Count("number of items", maxPayload, sizes[min(int(k), kindCount-1)])
	if index := k == kindDirIndex || k == kindFileIndex; index && (count == 0 || count != len(n.Refs.Trees)) {
		d.Fail("an index of %d items and %d trees", count, len(n.Refs.Trees))
	}
	return d, k, count
}

const kindCount = int(kindFileIndex) + 1

// finish checks that body and refs were used up exactly.
func (d *decoder) finish() error {
	if len(d.refs.Trees)+len(d.refs.Contents) != 0 {
		d.Fail("%d refs too many", len(d.refs.Trees)+len(d.refs.Contents))
	}
	if err := d.End(); err != nil {
		return fmt.Errorf("%w: %w", ErrFormat, err)
	}
	return nil
}

func (d *decoder) tree() (id chunk.ID)    { return d.ref("tree", &d.refs.Trees) }
func (d *decoder) content() (id chunk.ID) { return d.ref("content", &d.refs.Contents) }

func (d *decoder) ref(what string, from *[]chunk.ID) (id chunk.ID) {
	if d.Err() != nil {
		return id
	}
	if len(*from) == 0 || (*from)[0].IsZero() {
		d.Fail("a %s is needed that the refs do not hold", what)
		return id
	}
	id, *from = (*from)[0], (*from)[1:]
	return id
}

func (d *decoder) entry() (e Entry) {
	e.Type = Type(d.U8("type"))
	if e.Type < File || e.Type > BlockDevice {
		d.Fail("type %d is unknown", e.Type)
	}
	e.Name = string(d.Bytes("name", maxName))
	e.Mode = uint32(d.Uvarint("mode", 0o7777))
	e.UID = uint32(d.Uvarint("uid", math.MaxUint32))
	e.GID = uint32(d.Uvarint("gid", math.MaxUint32))
	e.ModTime, e.ChangeTime = d.time(), d.time()
	e.Inode = d.Uvarint("inode", math.MaxUint64)
	d.optional(&e)
	switch e.Type {
	case File:
		e.Size = int64(d.Uvarint("size", maxSize))
		d.fileContent(&e)
	case Dir:
		e.Tree = d.tree()
	}
	return e
}

func (d *decoder) time() Time {
	return Time{Sec: d.Varint("seconds"), Nsec: uint32(d.Uvarint("nanoseconds", maxNsec))}
}

func (d *decoder) optional(e *Entry) {
	flags := d.Uvarint("flags", allFlags)
	if flags&flagLink != 0 {
		e.Link = d.Uvarint("link", math.MaxUint64)
	}
	if flags&flagTarget != 0 {
		e.Target = string(d.Bytes("target", maxPayload))
	}
	if flags&flagDevice != 0 {
		e.Major = uint32(d.Uvarint("major", math.MaxUint32))
		e.Minor = uint32(d.Uvarint("minor", math.MaxUint32))
	}
	if flags&flagXattrs != 0 {
		e.Xattrs = make([]Xattr, d.Count("number of attributes", maxPayload, 2))
		for i := range e.Xattrs {
			e.Xattrs[i] = Xattr{string(d.Bytes("attribute name", maxName)), d.Bytes("attribute", maxPayload)}
		}
	}
}

func (d *decoder) fileContent(e *Entry) {
	n := int(d.Uvarint("number of extents", maxPayload))
	if n == 0 {
		e.Tree = d.tree()
		return
	}
	if n-1 > d.Len() {
		d.Fail("%d extents do not fit into %d bytes", n-1, d.Len())
		return
	}
	e.Extents = d.extents(n - 1)
	left := e.Size
	for _, x := range e.Extents {
		if left -= x.Length; left < 0 {
			break // here, before the sum of hostile lengths can wrap around
		}
	}
	if d.Err() == nil && left != 0 {
		d.Fail("the extents do not add up to the size %d", e.Size)
	}
}

// extents reads n extents. No two holes adjoin, so that the refs bound the memory for them and not n, which is but what
// the node claims.
func (d *decoder) extents(n int) []Extent {
	if n == 0 || d.Err() != nil {
		return nil
	}
	list := make([]Extent, 0, min(n, 2*len(d.refs.Contents)+1))
	for i := 0; i < n && d.Err() == nil; i++ {
		v := d.Uvarint("extent", math.MaxUint64)
		x := Extent{Length: int64(v >> 1)}
		if v&1 == 0 {
			x.ID = d.content()
		} else if i > 0 && list[i-1].Hole() {
			d.Fail("two holes adjoin")
		}
		if x.Length == 0 {
			d.Fail("an extent is empty")
		}
		list = append(list, x)
	}
	return list
}

// possibleName refuses names that no folder entry can have, so that a path made of them stays inside its folder.
func possibleName(name string) bool {
	return name != "" && name != "." && name != ".." && len(name) <= maxName && !strings.ContainsAny(name, "/\x00")
}
