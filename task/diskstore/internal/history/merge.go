package history

import (
	"bytes"
	"container/heap"

	"github.com/dgraph-io/badger/v4"
)

// merge goes through several runs of the index at once, the newest position first and each once: a record may stand in
// two runs, by its source and by its target. It must be closed.
type merge struct {
	span    span
	cursors []*cursor // all of them, to be closed
	heads   runs      // those that are within the span
}

// newMerge opens the runs and goes to the beginning of the span in each.
func newMerge(txn *badger.Txn, prefixes [][]byte, s span) (*merge, error) {
	m := &merge{span: s}
	for _, prefix := range prefixes {
		c := newCursor(txn, prefix)
		m.cursors = append(m.cursors, c)
		if err := c.seek(s.first[:]); err != nil {
			m.close()
			return nil, err
		}
		if m.within(c) {
			m.heads = append(m.heads, c)
		}
	}
	heap.Init(&m.heads)
	return m, nil
}

func (m *merge) close() {
	for _, c := range m.cursors {
		c.close()
	}
}

func (m *merge) within(c *cursor) bool {
	return c.valid() && len(c.key()) == indexKeySize && bytes.Compare(c.rest(), m.span.last[:]) <= 0
}

// next returns the next position, if there is one more.
func (m *merge) next() (at inverted, ok bool, err error) {
	if len(m.heads) == 0 {
		return inverted{}, false, nil
	}
	at = lastPosition(m.heads[0].key())
	for len(m.heads) > 0 && bytes.Equal(m.heads[0].rest(), at[:]) {
		if err := m.heads[0].next(); err != nil {
			return inverted{}, false, err
		}
		if m.within(m.heads[0]) {
			heap.Fix(&m.heads, 0)
		} else {
			heap.Pop(&m.heads)
		}
	}
	return at, true, nil
}

// runs is a heap of cursors, by the positions at which they stand.
type runs []*cursor

func (r runs) Len() int           { return len(r) }
func (r runs) Less(i, j int) bool { return bytes.Compare(r[i].rest(), r[j].rest()) < 0 }
func (r runs) Swap(i, j int)      { r[i], r[j] = r[j], r[i] }
func (r *runs) Push(x any)        { *r = append(*r, x.(*cursor)) }
func (r *runs) Pop() any {
	last := len(*r) - 1
	c := (*r)[last]
	*r = (*r)[:last]
	return c
}
