package datastore

import (
	"context"
	"errors"
	"fmt"

	"github.com/heirloom-backup/heirloom/chunk"
)

// marks is the set of chunks that snapshots need. It is one bit for each entry of the index tables there were when it
// was begun, so that its size is known before.
//
// A mark is about IDs: all copies of a chunk that is needed are marked. Since trees never change, marks of one snapshot
// hold for ever, and a second look at the store need only add the snapshots that came since.
type marks struct {
	refs   *refsReader
	tables []*openTable
	bits   []bitset
	strays map[chunk.ID]struct{} // needed, and in none of the tables
	done   map[string]bool       // manifests whose chunks are all marked
	unread map[chunk.ID]struct{} // nodes of unfinished snapshots that could not be read
}

// bitset is a set of small numbers.
type bitset []uint64

func newBitset(n int64) bitset { return make(bitset, (n+63)/64) }

func (b bitset) has(n int64) bool { return b[n/64]>>(n%64)&1 != 0 }

func (b bitset) set(n int64) { b[n/64] |= 1 << (n % 64) }

func newMarks(s *Store, tables []*openTable) *marks {
	m := &marks{refs: newRefsReader(s), tables: tables, strays: map[chunk.ID]struct{}{}, done: map[string]bool{},
		unread: map[chunk.ID]struct{}{}}
	for _, t := range tables {
		m.bits = append(m.bits, newBitset(t.Len()))
	}
	return m
}

// add marks what a snapshot needs. One that was never promised may be unreadable: what can be read of it is marked.
func (m *marks) add(ctx context.Context, sn *Snapshot) error {
	if m.done[sn.object] {
		return nil
	}
	before := len(m.unread)
	if err := m.tree(ctx, sn.Root, sn.Promised); err != nil {
		return fmt.Errorf("what %s needs cannot be told: %w", sn.Address(), err)
	}
	m.done[sn.object] = len(m.unread) == before
	return nil
}

// tree marks a node and all below it.
func (m *marks) tree(ctx context.Context, id chunk.ID, promised bool) error {
	fresh, err := m.need(&id)
	if err != nil {
		return err
	}
	if _, failed := m.unread[id]; !fresh && !failed {
		return nil
	}
	refs, err := m.refs.read(ctx, id)
	if err != nil {
		if promised || !errors.As(err, new(*ChunkError)) {
			return err
		}
		m.unread[id] = struct{}{}
		return nil
	}
	for i := range refs.Contents {
		if _, err := m.need(&refs.Contents[i]); err != nil {
			return err
		}
	}
	for _, child := range refs.Trees {
		if err := m.tree(ctx, child, promised); err != nil {
			return err
		}
	}
	return ctx.Err()
}

// has says whether a chunk is marked.
func (m *marks) has(id *chunk.ID) (bool, error) {
	for i, t := range m.tables {
		first, end, err := t.Range(id)
		if err != nil {
			return false, err
		}
		if first < end && m.bits[i].has(first) {
			return true, nil
		}
	}
	_, stray := m.strays[*id]
	return stray, nil
}

// need marks one chunk and says whether it was not marked before.
func (m *marks) need(id *chunk.ID) (fresh bool, err error) {
	known := false
	for i, t := range m.tables {
		first, end, err := t.Range(id)
		if err != nil {
			return false, err
		}
		for n := first; n < end; n++ {
			known = true
			if !m.bits[i].has(n) {
				m.bits[i].set(n)
				fresh = true
			}
		}
	}
	if known {
		return fresh, nil
	}
	_, stray := m.strays[*id]
	m.strays[*id] = struct{}{}
	return !stray, nil
}
