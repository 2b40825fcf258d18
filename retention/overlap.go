package retention

// overlap replays independent windows. Each window has a queue of its own, in which a new snapshot replaces the one
// of the same period; a snapshot goes when no window wants it any more.
type overlap struct {
	*history
	windows []window
	queues  [][]int     // by window, the snapshots it keeps, oldest first
	wanted  map[int]int // by snapshot, the number of windows that keep it

	// first is the oldest snapshot, which windows with free slots keep as well; -1 once none has. As it goes only
	// when all windows are full, and full windows stay full, no other can ever take its part.
	first     int
	firstKept Reason
}

func newOverlap(windows []window, h *history, kept []survivor) *overlap {
	o := &overlap{history: h, windows: windows, queues: queuesOf(windows, kept), wanted: map[int]int{}}
	for _, q := range o.queues {
		for _, n := range q {
			o.wanted[n]++
		}
	}
	o.first = 0
	for _, s := range kept {
		if s.Reasons[0].Slot > 0 {
			o.first = s.n
			break
		}
	}
	return o
}

func (o *overlap) add(n int) {
	for i, w := range o.windows {
		q := o.queues[i]
		if last := len(q) - 1; last >= 0 && o.periods[q[last]][w.span] == o.periods[n][w.span] {
			o.release(q[last], Reason{Rule: w.rule, Slot: 1})
			q[last] = n
		} else {
			o.queues[i] = o.push(w, q, n)
		}
		o.wanted[n]++
	}
	if o.first >= 0 && o.wanted[o.first] == 0 && o.full() {
		o.leave(o.first, o.firstKept)
		o.first = -1
	}
}

// push gives n a slot of its own in a window, at the expense of the oldest one's if none is free.
func (o *overlap) push(w window, q []int, n int) []int {
	q = append(q, n)
	if len(q) > w.count {
		o.release(q[0], Reason{Rule: w.rule, Slot: w.count})
		return q[1:]
	}
	if len(q) == w.count { // this was the slot that kept the first snapshot
		o.firstKept = Reason{Rule: w.rule, Slot: w.count, Note: "oldest"}
	}
	return q
}

// release is the end of one window's interest in n.
func (o *overlap) release(n int, lastKept Reason) {
	o.wanted[n]--
	if o.wanted[n] > 0 {
		return
	}
	if n == o.first {
		o.firstKept = lastKept
		return
	}
	delete(o.wanted, n)
	o.leave(n, lastKept)
}

func (o *overlap) full() bool {
	for i, w := range o.windows {
		if len(o.queues[i]) < w.count {
			return false
		}
	}
	return true
}
