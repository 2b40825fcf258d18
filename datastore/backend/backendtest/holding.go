package backendtest

import (
	"errors"
	"math"
	"slices"

	"github.com/heirloom-backup/heirloom/datastore/backend"
)

// holding is what one name may hold at a moment of a recording, going by the writes of it that had begun.
//
// A write can be the last that happened unless another one began after it had ended, and succeeded. Writes that overlap
// may have happened in either order, whichever returned first.
type holding struct {
	candidates []candidate // for the last write that happened, in the order they began
}

type candidate struct {
	write        *write
	object       *object // nil: the name is not in use
	began, ended int     // steps; ended is math.MaxInt while the write is under way
	sure         bool    // it returned nil
}

// object is a content that a name can have.
type object struct {
	data []byte
	key  uint64 // random: the keys of all objects of a state, xored, tell it from other states
}

// identity returns the object's key, 0 for no object.
func (o *object) identity() uint64 {
	if o == nil {
		return 0
	}
	return o.key
}

// newHolding returns the holding of a name that held object when the recording began, or nothing.
func newHolding(o *object) *holding {
	return &holding{[]candidate{{object: o, began: -1, ended: -1, sure: true}}}
}

func (h *holding) begin(at int, w *write, o *object) {
	h.candidates = append(h.candidates, candidate{write: w, object: o, began: at, ended: math.MaxInt})
}

// end takes the return of a write into account.
func (h *holding) end(at int, w *write, err error) {
	i := slices.IndexFunc(h.candidates, func(c candidate) bool { return c.write == w })
	if changedNothing(err) {
		h.candidates = slices.Delete(h.candidates, i, i+1)
		return
	}
	h.candidates[i].ended = at
	if err == nil {
		h.candidates[i].sure = true
		start := h.candidates[i].began
		h.candidates = slices.DeleteFunc(h.candidates, func(c candidate) bool { return c.ended < start })
	}
}

func changedNothing(err error) bool {
	return errors.Is(err, backend.ErrExist) || errors.Is(err, backend.ErrReadOnly) || errors.Is(err, backend.ErrBadName)
}

// options returns what the name may hold, the oldest first; nil stands for nothing. There is always one.
func (h *holding) options() []*object {
	mayBeAbsent := slices.ContainsFunc(h.candidates, func(c candidate) bool { return c.object == nil })
	var options []*object
	for _, c := range h.candidates {
		if !c.sure && c.object != nil && !mayBeAbsent {
			continue // a put does not replace what is there
		}
		if !slices.Contains(options, c.object) {
			options = append(options, c.object)
		}
	}
	return options
}
