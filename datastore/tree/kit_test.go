package tree

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"fmt"

	"github.com/heirloom-backup/heirloom/chunk"
)

// nodes is a store of nodes in memory. It keeps them encoded, as a real one does.
type nodes struct {
	byID map[chunk.ID][]byte
	gets int
}

func newNodes() *nodes { return &nodes{byID: map[chunk.ID][]byte{}} }

func (s *nodes) put(_ context.Context, n Node) (chunk.ID, error) {
	plain := append(AppendRefs(nil, n.Refs), n.Body...)
	id := chunk.ID(sha256.Sum256(plain))
	s.byID[id] = plain
	return id, nil
}

func (s *nodes) get(_ context.Context, id chunk.ID) (Node, error) {
	s.gets++
	plain, ok := s.byID[id]
	if !ok {
		return Node{}, fmt.Errorf("node %s is not there", id)
	}
	refs, n, err := DecodeRefs(plain)
	return Node{Refs: refs, Body: plain[n:]}, err
}

// add puts a node made by hand.
func (s *nodes) add(k kind, items int, body []byte, refs Refs) chunk.ID {
	head := binary.AppendUvarint([]byte{byte(k)}, uint64(items))
	id, _ := s.put(context.Background(), Node{Refs: refs, Body: append(head, body...)})
	return id
}

// newSince counts the nodes that s has and old has not.
func (s *nodes) newSince(old *nodes) int {
	n := 0
	for id := range s.byID {
		if _, ok := old.byID[id]; !ok {
			n++
		}
	}
	return n
}

func idOf(n int) (id chunk.ID) {
	binary.BigEndian.PutUint64(id[:], uint64(n)+1)
	return id
}

// fileEntry returns a file of one extent.
func fileEntry(name string, size int64) Entry {
	return Entry{Name: name, Type: File, Mode: 0o644, ModTime: Time{Sec: 1}, Size: size,
		Extents: []Extent{{ID: idOf(int(size)), Length: size}}}
}

// numbered returns n files whose names sort by number.
func numbered(n int) []Entry {
	list := make([]Entry, n)
	for i := range list {
		list[i] = fileEntry(fmt.Sprintf("file %08d", i*10), int64(1000+i))
	}
	return list
}

func build(ctx context.Context, put Put, list []Entry) (chunk.ID, error) {
	b := NewDirBuilder(put)
	for i := range list {
		if err := b.Add(ctx, &list[i]); err != nil {
			return chunk.ID{}, err
		}
	}
	return b.Finish(ctx)
}

func entries(ctx context.Context, get Get, id chunk.ID) (list []Entry, err error) {
	for e, err := range Entries(ctx, get, id) {
		if err != nil {
			return list, err
		}
		list = append(list, e)
	}
	return list, nil
}

func extents(ctx context.Context, get Get, e *Entry, offset int64) (list []Placed, err error) {
	for x, err := range Extents(ctx, get, e, offset) {
		if err != nil {
			return list, err
		}
		list = append(list, x)
	}
	return list, nil
}
