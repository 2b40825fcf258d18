//go:build linux

package endtoend

import (
	"slices"
	"strings"
)

// fate is what is known of a snapshot that is or was in the store.
type fate struct {
	address string
	want    []tableau // what it was made of, or, of one whose backup died before it could say its address, may be
	gone    bool      // somebody removed it
	held    bool
	wounded bool // somebody began to remove it, and died

	busy    bool // somebody is just about to remove it, hold it, or bring it back
	changed int  // tick of the last change
	removed int  // tick at which the last removal began
	lost    bool // gone, and too late to bring back
}

// group is the address without its time.
func (f *fate) group() string { return f.address[:strings.LastIndexByte(f.address, '/')] }

// steady says whether nobody changed anything since a tick.
func (f *fate) steady(since int) bool { return !f.busy && f.changed < since }

// register knows all snapshots.
type register struct {
	fates    map[string]*fate
	attempts map[string][]tableau // by group: of backups that have not said, or never will, whether there is a snapshot
}

// known returns the snapshots of which something is the case, oldest first.
func (g *register) known(is func(*fate) bool) (list []*fate) {
	for _, f := range g.fates {
		if is(f) {
			list = append(list, f)
		}
	}
	slices.SortFunc(list, func(a, b *fate) int { return strings.Compare(a.address, b.address) })
	return list
}

func (g *register) present() []*fate { return g.known(func(f *fate) bool { return !f.gone }) }

// rank returns how many snapshots of the same group are newer than one, those not counted that are gone.
func (g *register) rank(f *fate) int {
	return len(g.known(func(other *fate) bool {
		return !other.gone && other.group() == f.group() && other.address > f.address
	}))
}

// promised enters a snapshot whose backup has said ok. It may have been seen before.
func (b *bout) promised(address string, want tableau) {
	f := &fate{address: address}
	if seen := b.register.fates[address]; seen != nil {
		f = seen
	}
	f.want = []tableau{want}
	f.changed = b.tick()
	b.register.fates[address] = f
	b.tally["snapshots made"]++
}
