package index

import (
	"fmt"
	"io"
	"iter"
)

// Merge writes one table that holds the entries of all the given ones, without those of packs that keep refuses (it
// is asked with the pack's name). Memory does not grow with the number of entries, but for the filter.
func Merge(w io.Writer, tables []*Table, keep func(pack string) bool) error {
	var count int64
	for _, t := range tables {
		count += t.count
	}
	out := newWriter(w, count)
	bases := basesOf(tables)
	for m, err := range merged(tables) {
		if err != nil {
			return err
		}
		t := tables[m.table]
		if int(m.Pack) >= len(t.packs) || !keep(t.packs[m.Pack].Name) {
			continue
		}
		m.Pack += bases[m.table].pack
		m.Frame += bases[m.table].frame
		out.entry(&m.Entry)
	}
	out.endEntries()
	var packs []Pack
	for i, t := range tables {
		if err := t.copyFrames(out, bases[i].pack); err != nil {
			return err
		}
		packs = append(packs, t.packs...)
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

type mergedEntry struct {
	Entry
	table int
}

// merged yields the entries of all tables in order of their IDs.
func merged(tables []*Table) iter.Seq2[mergedEntry, error] {
	return func(yield func(mergedEntry, error) bool) {
		heads := make([]cursor, len(tables))
		for i, t := range tables {
			heads[i] = cursor{t: t, block: make([]byte, 0, blockSize)}
			if err := heads[i].next(); err != nil {
				yield(mergedEntry{}, err)
				return
			}
		}
		for {
			least := -1
			for i := range heads {
				if !heads[i].done && (least < 0 || heads[i].e.ID.Compare(heads[least].e.ID) < 0) {
					least = i
				}
			}
			if least < 0 || !yield(mergedEntry{heads[least].e, least}, nil) {
				return
			}
			if err := heads[least].next(); err != nil {
				yield(mergedEntry{}, err)
				return
			}
		}
	}
}

// cursor reads a table's entries in order.
type cursor struct {
	t     *Table
	e     Entry
	done  bool
	block []byte // what is left of the block last read
	nextN int    // number of the next block
}

func (c *cursor) next() error {
	if len(c.block) == 0 {
		if c.nextN == len(c.t.firsts) {
			c.done = true
			return nil
		}
		var block [blockSize]byte
		n, err := c.t.readBlock(&block, c.nextN)
		if err != nil {
			return err
		}
		c.block = append(c.block[:0], block[:n*entrySize]...)
		c.nextN++
	}
	c.e = decodeEntry(c.block)
	c.block = c.block[entrySize:]
	return nil
}

// All yields every entry of all the tables in order of the IDs, with the name of its pack.
func All(tables []*Table) iter.Seq2[Listed, error] {
	return func(yield func(Listed, error) bool) {
		for m, err := range merged(tables) {
			if err == nil && int(m.Pack) >= len(tables[m.table].packs) {
				err = fmt.Errorf("%w: pack %d of %d", ErrDamaged, m.Pack, len(tables[m.table].packs))
			}
			if err != nil {
				yield(Listed{}, err)
				return
			}
			if !yield(Listed{m.Entry, m.table}, nil) {
				return
			}
		}
	}
}

// Listed is an entry and the number of its table.
type Listed struct {
	Entry
	Table int
}
