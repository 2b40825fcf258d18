package schedule

import (
	"cmp"
	"slices"
	"time"
)

// Gap is a stretch of time in which no job runs, or starts.
type Gap struct {
	From, To time.Time
}

// Duration is the length of the gap.
func (g Gap) Duration() time.Duration { return g.To.Sub(g.From) }

const maxGaps = 100

// gaps collects the longest ones.
type gaps struct {
	coveredTo time.Time // all before is run or gap
	list      []Gap
}

// cover notes the gap before run, and that there is none while it runs. Runs come in the order of their start.
func (g *gaps) cover(run Run) {
	g.add(run.Start)
	g.coveredTo = latest(g.coveredTo, run.End)
}

// add notes a gap that lasts until t, if there is one.
func (g *gaps) add(t time.Time) {
	if !t.After(g.coveredTo) {
		return
	}
	if g.list = append(g.list, Gap{g.coveredTo, t}); len(g.list) == 100*maxGaps {
		g.list = longest(g.list)
	}
	g.coveredTo = t
}

// until ends the last gap and returns the longest.
func (g *gaps) until(t time.Time) []Gap {
	g.add(t)
	return longest(g.list)
}

// longest sorts gaps, longest first and early ones before late ones, and keeps the first maxGaps.
func longest(list []Gap) []Gap {
	slices.SortFunc(list, func(a, b Gap) int {
		return cmp.Or(-cmp.Compare(a.Duration(), b.Duration()), a.From.Compare(b.From))
	})
	return list[:min(len(list), maxGaps)]
}
