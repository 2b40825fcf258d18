//go:build linux

package endtoend

import (
	"cmp"
	"slices"
	"strings"
)

// promise is a mark in a recording: what a program has promised of a snapshot, or that it takes a promise back.
type promise string

const (
	committed promise = "committed" // is there, and whole
	removing  promise = "removing"  // may be gone
	removed   promise = "removed"   // is not listed any more, and can be brought back …
	freeing   promise = "freeing"   // … from now on not any more, whatever was removed or is …
	freed     promise = "freed"     // … until now
	holding   promise = "holding"   // may be held
	held      promise = "held"      // is there, and cannot be removed
	releasing promise = "releasing" // may not be held any more
	released  promise = "released"  // is not

	spoiled promise = "spoiled" // a pack is damaged, and what needs it may be
	healed  promise = "healed"  // nothing needs the damaged pack
	cleared promise = "cleared" // it is gone
)

// promises is what holds at a moment, by the IDs of snapshots.
type promises struct {
	kept, gone, back, held, free map[string]bool // back: gone, and Undelete can do something about it
	hurt, litter                 bool            // snapshots may be damaged; the damaged pack may lie there
	collectors                   int             // at work
}

// promised adds marks up.
func promised(marks []string) *promises {
	p := &promises{kept: map[string]bool{}, gone: map[string]bool{}, back: map[string]bool{},
		held: map[string]bool{}, free: map[string]bool{}}
	for _, mark := range marks {
		verb, id, _ := strings.Cut(mark, " ")
		p.take(promise(verb), id)
	}
	return p
}

func (p *promises) take(verb promise, id string) {
	switch verb {
	case committed:
		p.kept[id] = true
	case removing:
		p.kept[id] = p.held[id]
	case removed:
		p.gone[id], p.kept[id], p.back[id] = true, false, p.collectors == 0
	case freeing:
		p.collectors++
		clear(p.back)
	case freed:
		p.collectors--
	case holding:
		p.free[id] = false
	case held:
		p.held[id], p.kept[id] = true, true
	case releasing:
		p.held[id] = false
	case released:
		p.free[id] = true
	case spoiled:
		p.hurt, p.litter = true, true
	case healed:
		p.hurt = false
	case cleared:
		p.litter = false
	default:
		panic("no such promise: " + string(verb))
	}
}

// all returns what is in a set, in a certain order.
func all[K cmp.Ordered](set map[K]bool) (list []K) {
	for k, in := range set {
		if in {
			list = append(list, k)
		}
	}
	slices.Sort(list)
	return list
}
