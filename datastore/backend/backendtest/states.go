package backendtest

import (
	"fmt"
	"iter"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/heirloom-backup/heirloom/datastore/backend/mem"
)

// Point is a moment at which the power may have failed, and what of the writes in doubt then had happened.
type Point struct {
	Step  int      // how many steps of the recording came before: begins and ends of writes, and marks
	Last  string   // the last of them
	Fates []string // what became of each name that was in doubt, such as "packs/1 is absent"
	Marks []string // the promises made before, oldest first; the slice is shared
}

// String describes the point in one line.
func (p Point) String() string {
	if len(p.Fates) == 0 {
		return fmt.Sprintf("step %d, after %s", p.Step, p.Last)
	}
	return fmt.Sprintf("step %d, after %s: %s", p.Step, p.Last, strings.Join(p.Fates, ", "))
}

// States yields every state that a power loss during the recording so far could have left, in the order of the run,
// beginning with what the storage held when recording began. States with the same content and the same marks come once,
// at the first point that has them; so what the whole run left comes last if a mark is the last thing it does.
//
// With up to 4 names in doubt at a time all combinations of their fates are made. With more, it is none and all of the
// writes, each one by itself, and all but each one.
//
// A state costs memory for its names only and belongs to the caller, who may write to it and keep it.
func (r *Recorder) States() iter.Seq2[Point, *mem.Backend] {
	losses := r.losses()
	return func(yield func(Point, *mem.Backend) bool) {
		for l := range losses {
			if !yield(l.point(), l.state()) {
				return
			}
		}
	}
}

// Sample yields n of the states that States would yield, or all if there are no more, for recordings that are too long
// to try every one. They are spread over the whole run, and the last is always among them. The same seed gives the same
// ones.
func (r *Recorder) Sample(n int, seed uint64) iter.Seq2[Point, *mem.Backend] {
	losses := r.losses()
	return func(yield func(Point, *mem.Backend) bool) {
		total := 0
		for range losses {
			total++
		}
		chosen, i := spread(n, total, seed), 0
		for l := range losses {
			if _, ok := slices.BinarySearch(chosen, i); ok && !yield(l.point(), l.state()) {
				return
			}
			i++
		}
	}
}

// spread returns n numbers below total in ascending order: a random one of each of n parts, and the last of the last.
func spread(n, total int, seed uint64) []int {
	n = min(n, total)
	dice := rand.New(rand.NewPCG(seed, 0))
	var numbers []int
	for i := range n {
		from, until := i*total/n, (i+1)*total/n
		number := from + dice.IntN(until-from)
		if i == n-1 {
			number = total - 1
		}
		numbers = append(numbers, number)
	}
	return numbers
}
