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

	frames  []bitset // of the marks' tables: frames that hold the copy of a chunk that counts
	holds   []int64  // by pack: chunks whose copy there counts
	chunks  []int64  // by pack: all chunks
	needed  int64    // chunks that are needed and there
	dropped int64    // chunks, needed by nothing, that only leaving packs hold
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
	c.holds, c.chunks = make([]int64, len(c.roles)), make([]int64, len(c.roles))
	var group copies
	next := make([]int64, len(c.tables)) // number of each table's next entry
	for e, err := range index.All(plain(c.tables)) {
		if err != nil {
			return err
		}
		if e.ID != group.id {
			c.count(&group)
			group = copies{id: e.ID, entries: group.entries[:0]}
		}
		n := next[e.Table]
		next[e.Table]++
		if e.Table < len(c.marks.bits) && c.marks.bits[e.Table].has(n) {
			group.needed = true
		}
		group.entries = append(group.entries, counted{e.Table, e.Frame, c.tables[e.Table].packs[e.Pack]})
	}
	c.count(&group)
	return nil
}

// count decides which copy of a chunk counts.
func (c *census) count(g *copies) {
	if len(g.entries) == 0 {
		return
	}
	best, there := counted{}, away
	sound := false
	for k, e := range g.entries {
		r := c.role(e)
		if r == away {
			continue
		}
		if !g.seen(k) {
			c.chunks[e.pack]++
		}
		good := c.sound(g.id, e.pack)
		if there == away || better(r, good, there, sound) {
			best, there, sound = e, r, good
		}
	}
	switch {
	case !g.needed && there == leaves:
		c.dropped++
	case g.needed && there != away:
		c.needed++
		c.holds[best.pack]++
		if best.table < len(c.frames) {
			c.frames[best.table].set(int64(best.frame))
		}
	}
}

// seen says whether the pack of entry k comes before it, too: two tables can know the same pack.
func (g *copies) seen(k int) bool {
	for _, e := range g.entries[:k] {
		if e.pack == g.entries[k].pack {
			return true
		}
	}
	return false
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
