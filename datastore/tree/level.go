package tree

import (
	"context"
	"encoding/binary"
	"fmt"

	"github.com/heirloom-backup/heirloom/chunk"
)

const (
	minItems   = 16        // a node ends after this many items at the earliest
	targetSize = 512 << 10 // bytes; a node ends here at the latest, unless one item alone is larger
	nodeHead   = 32        // bytes; more than a node's kind and counts take
)

// item is one thing a node holds: its encoding, the refs it takes, and the hash that may end the node after it.
type item struct {
	body []byte
	refs Refs
	hash uint64
}

// child is a finished node, as the index level above describes it.
type child struct {
	id    chunk.ID
	first string // directory: name of the first entry below
	total int64  // file: bytes below
}

// level collects items of one kind into nodes and emits each node that ends.
type level struct {
	kind  kind
	mask  uint64
	count int // items in the node being collected
	body  []byte
	refs  Refs
	desc  child // of the node being collected, without its ID
	nodes int   // emitted
	last  child // the one emitted last
}

func (l *level) add(it item, d child) {
	if l.count == 0 {
		l.desc.first = d.first
	}
	l.desc.total += d.total
	l.count++
	l.body = append(l.body, it.body...)
	l.refs.Trees = append(l.refs.Trees, it.refs.Trees...)
	l.refs.Contents = append(l.refs.Contents, it.refs.Contents...)
}

func (l *level) size() int { return len(l.body) + l.refs.size() }

// fits says whether the item may join the node being collected.
func (l *level) fits(it item) bool {
	return l.count == 0 || l.size()+len(it.body)+it.refs.size() <= targetSize
}

func (l *level) boundary(hash uint64) bool { return l.count >= minItems && hash&l.mask == 0 }

// emit stores the collected node and starts the next one.
func (l *level) emit(ctx context.Context, put Put) (child, error) {
	if size := l.size(); size > MaxNodeSize-nodeHead {
		return child{}, fmt.Errorf("tree node of %d bytes: more than the limit of %d", size, MaxNodeSize)
	}
	body := make([]byte, 0, len(l.body)+nodeHead)
	body = append(body, byte(l.kind))
	body = binary.AppendUvarint(body, uint64(l.count))
	id, err := put(ctx, Node{Refs: l.refs, Body: append(body, l.body...)})
	l.last = l.desc
	l.last.id = id
	l.nodes++
	l.count, l.body, l.desc = 0, l.body[:0], child{}
	l.refs = Refs{Trees: l.refs.Trees[:0], Contents: l.refs.Contents[:0]}
	return l.last, err
}
