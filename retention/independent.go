package retention

// planIndependent lets each window count on its own, from the newest snapshot on.
func planIndependent(windows []window, candidates []candidate) {
	for _, w := range windows {
		countAlone(w, candidates)
	}
}

// countAlone runs one window over all candidates. The oldest of them is kept even within a period that has its
// snapshot, as long as slots are left: a young series then reaches back to its very beginning.
func countAlone(w window, candidates []candidate) {
	var slot Reason
	var period int64
	for i, c := range candidates {
		again := slot.Slot > 0 && c.periods[w.span] == period
		full := slot.Slot == w.count
		oldest := i == len(candidates)-1
		switch {
		case again && (full || !oldest):
			c.passOver(w, slot)
			continue
		case full:
			return
		}
		slot = Reason{Rule: w.rule, Slot: slot.Slot + 1}
		if again {
			slot.Note = "oldest"
		}
		c.keep(slot)
		period = c.periods[w.span]
	}
}
