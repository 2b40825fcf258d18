package retention

// survivor is a snapshot that exists, by its number, and what the last plan said of it.
type survivor struct {
	n int
	Decision
}

// survivors returns the numbers of the snapshots below n that exist, oldest first.
func (f *forecaster) survivors(n int) []int {
	var numbers []int
	for i, life := range f.timeline.Lives[:n] {
		if life.Gone.IsZero() {
			numbers = append(numbers, i)
		}
	}
	return numbers
}

// planInFull prunes by planning for all that exists. It returns what is kept, oldest first.
func (f *forecaster) planInFull() []survivor {
	numbers := f.survivors(len(f.timeline.Lives))
	plan := f.explain(numbers)
	kept := make([]survivor, 0, len(plan))
	for i := range plan {
		d := plan[len(plan)-1-i]
		if n := numbers[d.input]; d.Keep {
			kept = append(kept, survivor{n, d})
		} else {
			f.leave(n, f.timeline.Lives[n].Stayed)
		}
	}
	return kept
}

// explain plans for the numbered snapshots and notes on each that is kept what keeps it.
func (f *forecaster) explain(numbers []int) Decisions {
	snapshots := make([]Snapshot, len(numbers))
	for i, n := range numbers {
		snapshots[i] = f.timeline.Lives[n].Snapshot
	}
	plan := Plan(f.policy, snapshots, f.timeline.zone)
	for d := range plan.Kept() {
		f.timeline.Lives[numbers[d.input]].Stayed = d.Reasons[0]
	}
	return plan
}
