package index

import (
	"fmt"
	"io"
	"iter"
)

// Merge writes one table that holds the entries of all the given ones, without those of packs that keep refuses (it
// is asked with the pack's name, once for each pack of each table). Such packs keep their places in the list, so that
// the numbers of the others need only be raised, but lose their names: the table does not know what they hold. Memory
// does not grow with the number of entries, but for the filter.
func Merge(w io.Writer, tables []*Table, keep func(pack string) bool) error {
	var count int64
	kept := make([][]bool, len(tables))
	for i, t := range tables {
		count += t.count
		for _, p := range t.packs {
			kept[i] = append(kept[i], keep(p.Name))
		}
	}
	out := newWriter(w, count)
	bases := basesOf(tables)
	for e, err := range All(tables) {
		if err != nil {
			return err
		}
		if kept[e.Table][e.Pack] {
			e.Pack += bases[e.Table].pack
			e.Frame += bases[e.Table].frame
			out.entry(&e.Entry)
		}
	}
	out.endEntries()
	var packs []Pack
	for i, t := range tables {
		if err := t.copyFrames(out, bases[i].pack); err != nil {
			return err
		}
		for k, p := range t.packs {
			if !kept[i][k] {
				p = Pack{Kind: p.Kind}
			}
			packs = append(packs, p)
		}
	}
	return out.finish(packs)
}

// base is what a table's numbers are raised by in the merged one.
type base struct{ pack, frame uint32 }

func basesOf(tables []*Table) []base {
	list := make([]base, len(tables))
	for i := 1; i < len(tables); i++ {
		prev := tables[i-1]
		list[i] = base{list[i-1].pack + uint32(len(prev.packs)), list[i-1].frame + uint32(prev.frames)}
	}
	return list
}

func (t *Table) copyFrames(out *writer, base uint32) error {
	for n := range uint32(t.frames) {
		f, packNo, err := t.Frame(n)
		if err != nil {
			return err
		}
		out.frame(&frame{pack: packNo + base, Frame: f})
	}
	return nil
}

// Listed is an entry and the number of its table.
type Listed struct {
	Entry
	Table int
}

// All yields every entry of all the tables in order of the IDs; copies of one chunk come in the order of the tables.
// The error is the last thing yielded.
func All(tables []*Table) iter.Seq2[Listed, error] {
	return func(yield func(Listed, error) bool) {
		heads := make([]*cursor, len(tables))
		for i, t := range tables {
			heads[i] = &cursor{table: t}
			if err := heads[i].next(); err != nil {
				yield(Listed{}, err)
				return
			}
		}
		for i := least(heads); i >= 0; i = least(heads) {
			if !yield(Listed{heads[i].entry, i}, nil) {
				return
			}
			if err := heads[i].next(); err != nil {
				yield(Listed{}, err)
				return
			}
		}
	}
}

// least returns the number of the cursor with the least ID, or -1 when all are done.
func least(heads []*cursor) int {
	found := -1
	for i, c := range heads {
		if !c.done && (found < 0 || c.entry.ID.Compare(heads[found].entry.ID) < 0) {
			found = i
		}
	}
	return found
}

// cursor reads a table's entries in order.
type cursor struct {
	table  *Table
	entry  Entry
	done   bool
	block  [blockSize]byte
	rest   []byte // of the block's entries
	number int    // of the next block
}

func (c *cursor) next() error {
	if len(c.rest) == 0 {
		if c.number == len(c.table.firsts) {
			c.done = true
			return nil
		}
		n, err := c.table.readBlock(&c.block, c.number)
		if err != nil {
			return err
		}
		c.rest = c.block[:n*entrySize]
		c.number++
	}
	c.entry, c.rest = decodeEntry(c.rest), c.rest[entrySize:]
	if int(c.entry.Pack) >= len(c.table.packs) {
		return fmt.Errorf("%w: pack %d of %d", ErrDamaged, c.entry.Pack, len(c.table.packs))
	}
	return nil
}
