package tree

import (
	"context"
	"encoding/binary"
	"fmt"

	"github.com/heirloom-backup/heirloom/chunk"
	"github.com/heirloom-backup/heirloom/datastore/internal/wire"
)

// MaxNodeSize is the largest node in bytes, refs and body together, that is written or read.
const MaxNodeSize = 16 << 20

// Node is one tree chunk: what it refers to, and what it says.
type Node struct {
	Refs Refs
	Body []byte
}

// Refs are the chunks a node needs, each sort in the order in which the body's items take them.
type Refs struct {
	Trees    []chunk.ID
	Contents []chunk.ID
}

func (r Refs) size() int { return (len(r.Trees) + len(r.Contents)) * chunk.IDSize }

// Get reads the node with the given ID. The node is the caller's to read, not to change.
type Get func(ctx context.Context, id chunk.ID) (Node, error)

// Put stores a node and returns its ID. It does not keep the node's slices.
type Put func(ctx context.Context, n Node) (chunk.ID, error)

// AppendRefs appends the encoding of r to dst.
func AppendRefs(dst []byte, r Refs) []byte {
	dst = binary.AppendUvarint(dst, uint64(len(r.Trees)))
	dst = binary.AppendUvarint(dst, uint64(len(r.Contents)))
	for i := range r.Trees {
		dst = append(dst, r.Trees[i][:]...)
	}
	for i := range r.Contents {
		dst = append(dst, r.Contents[i][:]...)
	}
	return dst
}

// DecodeRefs reads refs off the front of data and returns how many bytes they took.
func DecodeRefs(data []byte) (Refs, int, error) {
	r := wire.NewReader(data)
	trees := r.Count("number of trees", MaxNodeSize, chunk.IDSize)
	contents := r.Uvarint("number of contents", MaxNodeSize)
	if r.Err() == nil && uint64(trees)+contents > uint64(r.Len()/chunk.IDSize) {
		r.Fail("%d trees and %d contents do not fit into %d bytes", trees, contents, r.Len())
	}
	if r.Err() != nil {
		return Refs{}, 0, fmt.Errorf("decode refs: %w", r.Err())
	}
	refs := Refs{Trees: takeIDs(r, trees), Contents: takeIDs(r, int(contents))}
	return refs, r.Offset(), nil
}

func takeIDs(r *wire.Reader, n int) []chunk.ID {
	if n == 0 {
		return nil
	}
	ids := make([]chunk.ID, n)
	for i := range ids {
		copy(ids[i][:], r.Take("ID", chunk.IDSize))
	}
	return ids
}
