package retention

import (
	"cmp"
	"slices"
	"time"
)

// Plan decides for each snapshot whether it is kept, and why. It returns one decision per snapshot, newest first;
// the order of the input does not matter. Periods are those of the wall clock in zone; nil means UTC.
//
// Planning what a plan has kept keeps it all again, so that a prune may be repeated safely.
func Plan(policy Policy, snapshots []Snapshot, zone *time.Location) Decisions {
	decisions := undecided(snapshots)
	keepMarked(decisions)
	keepNewestPartial(decisions)
	if policy.KeepsEverything() {
		keepRest(decisions)
		return decisions
	}
	removeOldPartials(decisions)
	candidates := competing(decisions, orUTC(zone))
	if policy.Independent {
		planIndependent(policy.windows(), candidates)
	} else {
		planChained(policy.windows(), candidates)
	}
	removeUnwanted(decisions)
	keepLastGood(decisions)
	return decisions
}

// undecided returns a decision for each snapshot, newest first, that is still to be made.
func undecided(snapshots []Snapshot) Decisions {
	// Sorting seconds and places is several times faster than moving whole decisions about.
	type place struct{ second, index int64 }
	places := make([]place, len(snapshots))
	for i, s := range snapshots {
		places[i] = place{s.Time.Unix(), int64(i)}
	}
	slices.SortFunc(places, func(a, b place) int {
		if a.second != b.second {
			return cmp.Compare(b.second, a.second)
		}
		return newestFirst(snapshots[a.index], snapshots[b.index])
	})
	decisions := make(Decisions, len(snapshots))
	for i, p := range places {
		decisions[i] = Decision{Snapshot: snapshots[p.index], input: int(p.index)}
	}
	return decisions
}

// keepMarked keeps what its owner marked, for each mark that applies.
func keepMarked(decisions Decisions) {
	for i := range decisions {
		d := &decisions[i]
		if d.Protected {
			d.keep(Reason{Rule: Protected})
		}
		if d.Hold != "" {
			d.keep(Reason{Rule: Held, Note: d.Hold})
		}
		if d.Suspect {
			d.keep(Reason{Rule: Suspect})
		}
	}
}

// keepNewestPartial keeps an unfinished run that nothing newer has replaced: it is what the next run resumes from.
func keepNewestPartial(decisions Decisions) {
	if len(decisions) > 0 && decisions[0].Partial {
		decisions[0].keep(Reason{Rule: Partial})
	}
}

func removeOldPartials(decisions Decisions) {
	for i := range decisions {
		if d := &decisions[i]; d.Partial && !d.Keep {
			d.Removal = Removal{Cause: Unfinished}
		}
	}
}

func keepRest(decisions Decisions) {
	for i := range decisions {
		if !decisions[i].Keep {
			decisions[i].keep(Reason{Rule: KeepAll})
		}
	}
}

// keepLastGood keeps the newest good snapshot when nothing else does. That happens only where damaged ones took the
// slots: a plan must not leave a series without a single backup that can be relied on.
func keepLastGood(decisions Decisions) {
	for i := range decisions {
		if d := &decisions[i]; d.Good() {
			if !d.Keep {
				d.keep(Reason{Rule: LastGood})
			}
			return
		}
	}
}

// candidate is a snapshot that windows decide about.
type candidate struct {
	*Decision
	periods periods
}

// competing returns the snapshots that compete for slots, newest first: the finished ones that nothing keeps yet.
func competing(decisions Decisions, zone *time.Location) []candidate {
	candidates := make([]candidate, 0, len(decisions))
	for i := range decisions {
		if d := &decisions[i]; !d.Keep && !d.Partial {
			candidates = append(candidates, candidate{d, periodsOf(d.Time, zone, -i)})
		}
	}
	return candidates
}

// passOver notes why a window did not want the snapshot. The first note is the most telling one, since windows go
// from short to long and the same hour says more than the same year.
func (c candidate) passOver(w window, by Reason) {
	if !c.Keep && c.Removal.Cause == "" {
		c.Removal = Removal{SamePeriod, w.rule, by}
	}
}

// removeUnwanted settles what no window kept, for want of a slot.
func removeUnwanted(decisions Decisions) {
	for i := range decisions {
		if d := &decisions[i]; !d.Keep && d.Removal.Cause == "" {
			d.Removal.Cause = BeyondWindows
		}
	}
}
