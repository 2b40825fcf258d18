package retention

// planChained lets each window take over where those before it end; the rules are in the package comment. It uses the
// candidates' memory for those still undecided.
func planChained(windows []window, candidates []candidate) {
	open := candidates
	var kept []candidate
	for _, w := range windows {
		var taken []candidate
		taken, open = takeOver(w, byPeriod(w.span, kept), open)
		kept = append(kept, taken...)
	}
}

// byPeriod tells, for each period that has kept snapshots, what keeps the first of them.
func byPeriod(s span, kept []candidate) map[int64]Reason {
	by := make(map[int64]Reason)
	for _, c := range kept {
		if _, ok := by[c.periods[s]]; !ok {
			by[c.periods[s]] = c.Reasons[0]
		}
	}
	return by
}

// takeOver runs one window over the undecided snapshots and returns those it keeps and those it leaves undecided.
func takeOver(w window, covered map[int64]Reason, open []candidate) (kept, left []candidate) {
	left = open[:0]
	filled := make(map[int64]Reason)
	for i, c := range open {
		period := c.periods[w.span]
		if by, ok := covered[period]; ok {
			c.passOver(w, by)
			left = append(left, c)
			continue
		}
		if by, ok := filled[period]; ok { // for good: no later window sees it
			c.Removal = Removal{SamePeriod, w.rule, by}
			continue
		}
		if len(filled) == w.count { // the window ends here, even if a covered period follows
			return kept, append(left, open[i:]...)
		}
		slot := Reason{Rule: w.rule, Slot: len(filled) + 1}
		filled[period] = slot
		c.keep(slot)
		kept = append(kept, c)
	}
	return kept, left
}
