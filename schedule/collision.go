package schedule

import (
	"cmp"
	"slices"
	"time"
)

// Collision says how often the runs of two jobs overlap. A job that is not done before its own next run collides
// with itself: then A and B are equal.
type Collision struct {
	A, B    int           // indexes into the jobs, A <= B
	Count   int           // runs of the one that start while the other is running, or at the same moment
	First   time.Time     // when the first of them starts
	Longest time.Duration // how long they run side by side at worst; 0 when they only start together
}

// meets reports whether r is still running when a later run starts, or started at the same moment.
func (r Run) meets(later Run) bool {
	return !r.Start.IsZero() && (r.End.After(later.Start) || r.Start.Equal(later.Start))
}

// collisions by the pair of jobs, the lower index first.
type collisions map[[2]int]*Collision

// note counts that run started while an earlier one was running.
func (cs collisions) note(earlier, run Run) {
	pair := [2]int{min(earlier.Job, run.Job), max(earlier.Job, run.Job)}
	c := cs[pair]
	if c == nil {
		c = &Collision{A: pair[0], B: pair[1], First: run.Start}
		cs[pair] = c
	}
	c.Count++
	c.Longest = max(c.Longest, earliest(earlier.End, run.End).Sub(run.Start))
}

// sorted returns them most frequent first.
func (cs collisions) sorted() []Collision {
	var list []Collision
	for _, c := range cs {
		list = append(list, *c)
	}
	slices.SortFunc(list, func(a, b Collision) int {
		return cmp.Or(-cmp.Compare(a.Count, b.Count), cmp.Compare(a.A, b.A), cmp.Compare(a.B, b.B))
	})
	return list
}
