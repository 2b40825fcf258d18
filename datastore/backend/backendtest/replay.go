package backendtest

import (
	"context"
	"fmt"
	"iter"
	"math/rand/v2"
	"slices"

	"github.com/heirloom-backup/heirloom/datastore/backend/mem"
)

// replay goes through a recording and knows at each step which states a power loss could leave.
type replay struct {
	start    map[string][]byte
	step     int // steps taken
	last     string
	marks    []string
	names    map[string]*holding // of names that are written
	settled  *mem.Backend        // the state in which every name has its oldest option
	key      uint64              // of that state
	doubtful []doubt             // the longest in doubt first
	keys     *rand.Rand
}

// doubt is a name with more than one option.
type doubt struct {
	name    string
	options []*object
}

func newReplay(start map[string][]byte) *replay {
	r := &replay{
		start:   start,
		last:    "the beginning",
		names:   map[string]*holding{},
		settled: mem.New(),
		keys:    rand.New(rand.NewPCG(1, 2)),
	}
	for name, data := range start {
		hold(r.settled, name, &object{data: data})
	}
	return r
}

// take takes the next step of the recording.
func (r *replay) take(s step) {
	at := r.step
	r.step, r.last = r.step+1, s.String()
	if s.event == marked {
		r.marks = append(r.marks, s.text)
		return
	}
	name := s.write.call.Name
	h := r.holding(name)
	before := h.options()[0]
	if s.event == began {
		h.begin(at, s.write, r.left(s.write))
	} else {
		h.end(at, s.write, s.err)
	}
	r.settle(name, before, h.options())
}

func (r *replay) holding(name string) *holding {
	h, ok := r.names[name]
	if !ok {
		var first *object
		if data, ok := r.start[name]; ok {
			first = r.object(data)
		}
		h = newHolding(first)
		r.names[name] = h
	}
	return h
}

// left returns what a write leaves under its name, nil for nothing.
func (r *replay) left(w *write) *object {
	if w.call.Kind == Delete {
		return nil
	}
	return r.object(w.data)
}

func (r *replay) object(data []byte) *object { return &object{data: data, key: r.keys.Uint64()} }

// settle brings the settled state and the doubts up to date after the options of name have changed.
func (r *replay) settle(name string, before *object, options []*object) {
	if options[0] != before {
		hold(r.settled, name, options[0])
		r.key ^= before.identity() ^ options[0].identity()
	}
	at := slices.IndexFunc(r.doubtful, func(d doubt) bool { return d.name == name })
	switch {
	case at < 0 && len(options) > 1:
		r.doubtful = append(r.doubtful, doubt{name, options})
	case at >= 0 && len(options) > 1:
		r.doubtful[at].options = options
	case at >= 0:
		r.doubtful = slices.Delete(r.doubtful, at, at+1)
	}
}

// hold makes name hold an object, or none.
func hold(b *mem.Backend, name string, o *object) {
	ctx := context.Background()
	err := b.Delete(ctx, name)
	if err == nil && o != nil {
		err = b.Put(ctx, name, o.data)
	}
	if err != nil {
		panic(fmt.Sprintf("a legal name was refused by memory: %v", err))
	}
}

// allChoices is the number of names in doubt up to which every combination of their options is a state of its own.
const allChoices = 4

// choices yields which option each doubtful name takes. A slice is valid until the next one.
func (r *replay) choices() iter.Seq[[]int] {
	sizes := make([]int, len(r.doubtful))
	for i, d := range r.doubtful {
		sizes[i] = len(d.options)
	}
	if len(sizes) <= allChoices {
		return combinations(sizes)
	}
	return extremes(sizes)
}
