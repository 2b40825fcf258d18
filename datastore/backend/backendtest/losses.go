package backendtest

import (
	"fmt"
	"iter"
	"slices"

	"github.com/heirloom-backup/heirloom/datastore/backend/mem"
)

// loss is one state that a power loss leaves. It is valid until the loop that it came from goes on.
type loss struct {
	*replay
	chosen []int // an option for each doubt
}

// losses yields all losses of the recording so far that differ in content or marks.
func (r *Recorder) losses() iter.Seq[loss] {
	steps := r.recorded()
	return func(yield func(loss) bool) {
		replay := newReplay(r.start)
		if !yield(loss{replay, nil}) {
			return
		}
		seen := map[uint64]bool{replay.key: true}
		for _, s := range steps {
			replay.take(s)
			if s.event == marked {
				clear(seen) // what was right before may break the new promise
			}
			for chosen := range replay.choices() {
				l := loss{replay, chosen}
				key := l.contentKey()
				if !seen[key] && !yield(l) {
					return
				}
				seen[key] = true
			}
		}
	}
}

// contentKey is the same for losses that leave the same objects.
func (l loss) contentKey() uint64 {
	key := l.key
	for i, d := range l.doubtful {
		key ^= d.options[0].identity() ^ d.options[l.chosen[i]].identity()
	}
	return key
}

func (l loss) state() *mem.Backend {
	state := l.settled.Clone()
	for i, d := range l.doubtful {
		if l.chosen[i] > 0 {
			hold(state, d.name, d.options[l.chosen[i]])
		}
	}
	return state
}

func (l loss) point() Point {
	p := Point{Step: l.step, Last: l.last, Marks: slices.Clip(l.marks)}
	for i, d := range l.doubtful {
		fate := " is absent"
		if o := d.options[l.chosen[i]]; o != nil {
			fate = fmt.Sprintf(" holds %d bytes", len(o.data))
		}
		p.Fates = append(p.Fates, d.name+fate)
	}
	return p
}
