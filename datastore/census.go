package datastore

import (
	"github.com/heirloom-backup/heirloom/chunk"
	"github.com/heirloom-backup/heirloom/datastore/internal/index"
	"github.com/heirloom-backup/heirloom/datastore/internal/pack"
)

// role is what a pack is to a census.
type role uint8

const (
	away   role = iota // not there, or it cannot be counted on
	stays              // what it holds is kept by it
	leaves             // it is going to be deleted: what only it holds must be copied
)

// census is who holds what is needed. It reads all tables once, in order of the IDs, so that all copies of a chunk are
// seen together, and memory is a number for each pack and a bit for each frame.
type census struct {
	marks  *marks
	tables []*openTable // those of the marks, and then newer ones, whose entries have no marks
	roles  []role       // by the catalog's number of the pack
	sound  func(id chunk.ID, pack uint32) bool

	frames []bitset // of the marks' tables: frames that hold the copy of a chunk that counts
	holds  []int64  // by pack: chunks whose copy there counts
	needed int64    // chunks that are needed and there
}

// copies are the entries of one chunk.
type copies struct {
	id      chunk.ID
	needed  bool
	entries []counted
}

type counted struct {
	table int
	frame uint32
	pack  uint32 // the catalog's number
}

func (c *census) take() error {
	c.frames = make([]bitset, len(c.marks.tables))
	for i, t := range c.marks.tables {
		c.frames[i] = newBitset(t.Frames())
	}
	c.holds = make([]int64, len(c.roles))
	return c.each(c.count)
}

// dropped returns how many chunks are not in the store any more when the leaving packs are deleted: those that nothing
// needs, no other pack holds, and no frame takes along that is copied for the sake of others. It follows take.
func (c *census) dropped() (n int64, err error) {
	err = c.each(func(g *copies) {
		if g.needed {
			return
		}
		gone := false
		for _, e := range g.entries {
			switch r := c.role(e); {
			case r == stays || r == leaves && c.frames[e.table].has(int64(e.frame)):
				return
			case r == leaves:
				gone = true
			}
		}
		if gone {
			n++
		}
	})
	return n, err
}

// each calls fn for each chunk with all of its copies.
func (c *census) each(fn func(g *copies)) error {
	var group copies
	next := make([]int64, len(c.tables)) // number of each table's next entry
	for e, err := range index.All(plain(c.tables)) {
		if err != nil {
			return err
		}
		if e.ID != group.id && len(group.entries) > 0 {
			fn(&group)
			group = copies{entries: group.entries[:0]}
		}
		group.id = e.ID
		n := next[e.Table]
		next[e.Table]++
		if e.Table < len(c.marks.bits) && c.marks.bits[e.Table].has(n) {
			group.needed = true
		}
		group.entries = append(group.entries, counted{e.Table, e.Frame, c.tables[e.Table].packs[e.Pack]})
	}
	if len(group.entries) > 0 {
		fn(&group)
	}
	return nil
}

// count decides which copy of a chunk counts.
func (c *census) count(g *copies) {
	best, there := counted{}, away
	sound := false
	for _, e := range g.entries {
		r := c.role(e)
		if r == away {
			continue
		}
		good := c.sound(g.id, e.pack)
		if there == away || better(r, good, there, sound) {
			best, there, sound = e, r, good
		}
	}
	if !g.needed || there == away {
		return
	}
	c.needed++
	c.holds[best.pack]++
	if best.table < len(c.frames) {
		c.frames[best.table].set(int64(best.frame))
	}
}

// better says whether a copy should count rather than the one found so far: a good one before a damaged one, and one
// that need not be copied before one that must.
func better(r role, good bool, than role, thanGood bool) bool {
	if good != thanGood {
		return good
	}
	return r == stays && than == leaves
}

// weight is the bytes of a pack's frames: of those that hold a copy that counts, and of all.
type weight struct{ needed, all int64 }

// weights returns those of all packs, by number.
func (c *census) weights() ([]weight, error) {
	list := make([]weight, len(c.roles))
	err := c.eachFrame(func(n uint32, f *pack.Frame, counts bool) {
		bytes := int64(f.Stored) + int64(f.Refs)
		list[n].all += bytes
		if counts {
			list[n].needed += bytes
		}
	})
	return list, err
}

// toCopy returns, for each leaving pack, the offsets of the frames that must be copied.
func (c *census) toCopy() (map[uint32]map[uint32]bool, error) {
	offsets := map[uint32]map[uint32]bool{}
	err := c.eachFrame(func(n uint32, f *pack.Frame, counts bool) {
		if !counts || c.roles[n] != leaves {
			return
		}
		if offsets[n] == nil {
			offsets[n] = map[uint32]bool{}
		}
		offsets[n][f.Offset] = true
	})
	return offsets, err
}

// eachFrame calls fn for each frame of a pack that is there, with the pack's number and whether the frame holds a copy
// that counts. Of two tables that know a pack the first speaks for it, here as in count.
func (c *census) eachFrame(fn func(pack uint32, f *pack.Frame, counts bool)) error {
	speaks := make([]*openTable, len(c.roles))
	for i, set := range c.frames {
		t := c.tables[i]
		for n := range t.Frames() {
			f, local, err := t.Frame(uint32(n))
			if err != nil {
				return err
			}
			number := t.packs[local]
			if int(number) >= len(c.roles) || c.roles[number] == away {
				continue
			}
			if speaks[number] == nil {
				speaks[number] = t
			}
			if speaks[number] == t {
				fn(number, &f, set.has(n))
			}
		}
	}
	return nil
}

// role returns that of an entry's pack. A pack that is to leave is known by the marks' tables alone: theirs are the
// entries with marks, and the frames to copy.
func (c *census) role(e counted) role {
	r := away
	if int(e.pack) < len(c.roles) {
		r = c.roles[e.pack]
	}
	if r == leaves && e.table >= len(c.marks.tables) {
		return away
	}
	return r
}
