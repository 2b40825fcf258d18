package datastore

import (
	"errors"
	"fmt"
	"log/slog"
	"sync"

	"github.com/heirloom-backup/heirloom/chunk"
	"github.com/heirloom-backup/heirloom/datastore/internal/index"
	"github.com/heirloom-backup/heirloom/datastore/internal/pack"
)

// catalog knows which packs there are, which of them may be relied on, and through its tables what they hold.
//
// A pack gets a number when it is first seen and keeps it while the store is open.
type catalog struct {
	mu     sync.RWMutex
	packs  []packState
	byName map[string]uint32
	tables []*openTable
	loaded bool
	flaw   error            // of the listing it follows: nothing new may rely on any pack
	broken map[string]error // packs whose trailer, and segments whose bytes, are damaged

	bad      map[badPlace]bool // copies of chunks that a verification found damaged
	dir      tableDir
	log      *slog.Logger
	segments map[string]bool // index segments already looked at
	adopted  []uint32        // packs this process has stored since the last listing began, which may not have them
}

// badPlace is one pack's copy of a chunk.
type badPlace struct {
	id   chunk.ID
	pack uint32
}

// avoid makes new snapshots rely on other copies of damaged chunks than the ones a verification found, or store them
// again: older snapshots are whole again then, too.
func (c *catalog) avoid(st *State) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.bad = map[badPlace]bool{}
	st.badPlaces(func(id chunk.ID, pack string) { c.bad[badPlace{id, c.number(pack)}] = true })
}

// packState is what is known of a pack.
type packState struct {
	name      string
	size      int64
	kind      pack.Kind // known when it is indexed
	listed    bool      // it was there at the last refresh
	condemned bool      // a collector is going to delete it
	indexed   bool      // a table knows what it holds
	trusted   bool      // its writer's word is good enough
	damaged   bool      // it has not the size it was written with, or a check found it wrong
}

// usable says whether new snapshots may rely on the pack.
func (p *packState) usable() bool { return p.listed && !p.condemned && p.trusted && !p.damaged }

func (c *catalog) init(storeID string, o Options) {
	c.byName, c.broken, c.segments = map[string]uint32{}, map[string]error{}, map[string]bool{}
	c.log = o.Logger
	c.dir = newTableDir(o.CacheDir, storeID, o.Logger)
}

// location is one place of a chunk.
type location struct {
	table *openTable
	place index.Place
	pack  uint32
}

// find appends the places of a chunk in packs that exist, usable ones first. A table that turns out damaged is
// discarded; what it knew is found again after a refresh.
func (c *catalog) find(dst []location, id *chunk.ID) []location {
	var damage faults
	defer c.discard(&damage)
	c.mu.RLock()
	defer c.mu.RUnlock()
	start := len(dst)
	var room [4]index.Place
	for _, t := range c.tables {
		places, err := t.Find(room[:0], id)
		if err != nil {
			damage = append(damage, fault{t, err})
			continue
		}
		for _, p := range places {
			n := t.packs[p.Pack]
			if !c.packs[n].listed {
				continue
			}
			dst = append(dst, location{t, p, n})
			if last := len(dst) - 1; c.packs[n].usable() && !c.packs[dst[start].pack].usable() {
				dst[start], dst[last] = dst[last], dst[start]
			}
		}
	}
	return dst
}

// usable returns, for each ID, the number of a pack to rely on, or noPack.
func (c *catalog) usable(ids []chunk.ID) []uint32 {
	var damage faults
	defer c.discard(&damage)
	packs := make([]uint32, len(ids))
	c.mu.RLock()
	defer c.mu.RUnlock()
	var room [4]index.Place
	for i := range ids {
		packs[i] = noPack
		for _, t := range c.tables {
			places, err := t.Find(room[:0], &ids[i])
			if err != nil {
				damage = append(damage, fault{t, err})
				continue
			}
			if n, ok := c.firstUsable(t, places, &ids[i]); ok {
				packs[i] = n
				break
			}
		}
	}
	return packs
}

const noPack = ^uint32(0)

func (c *catalog) firstUsable(t *openTable, places []index.Place, id *chunk.ID) (uint32, bool) {
	for _, p := range places {
		if n := t.packs[p.Pack]; c.packs[n].usable() && !c.bad[badPlace{*id, n}] {
			return n, true
		}
	}
	return 0, false
}

// writable says why nothing new may rely on the packs, if so.
func (c *catalog) writable() error {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return c.flaw
}

// number returns the number of the pack called name, a new one if it was never seen. The caller holds mu.
func (c *catalog) number(name string) uint32 {
	n, ok := c.byName[name]
	if !ok {
		n = uint32(len(c.packs))
		c.packs = append(c.packs, packState{name: name})
		c.byName[name] = n
	}
	return n
}

// addTable makes a table part of the catalog. trusted judges writers. The caller holds mu.
func (c *catalog) addTable(t *openTable, trusted func(writer string) bool) {
	t.packs = make([]uint32, len(t.Packs()))
	for i, p := range t.Packs() {
		n := c.number(p.Name) // "": a pack that was dropped in a merge; no listing has it
		t.packs[i] = n
		c.packs[n].indexed, c.packs[n].kind = true, p.Kind
		c.packs[n].trusted = trusted(p.Writer)
		if c.packs[n].listed {
			c.compareSize(n, c.packs[n].size, p.Size)
		}
		c.packs[n].size = p.Size
	}
	c.tables = append(c.tables, t)
}

// compareSize notices a pack that has not the size it was written with. The caller holds mu.
func (c *catalog) compareSize(n uint32, listed, written int64) {
	if p := &c.packs[n]; listed != written {
		p.damaged = true
		c.broken[packObject(p.name)] = fmt.Errorf("%w: %d bytes instead of %d", pack.ErrDamaged, listed, written)
	}
}

// pack returns what is known of a pack.
func (c *catalog) pack(n uint32) packState {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return c.packs[n]
}

func (c *catalog) close() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	var errs []error
	for _, t := range c.tables {
		errs = append(errs, t.close())
	}
	c.tables = nil
	return errors.Join(errs...)
}
