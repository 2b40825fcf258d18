package retention

import "slices"

// cascade replays chained windows. A new snapshot enters the first window; the oldest one of a full window falls into
// the next. It keeps what planning in full would keep, for these reasons:
//
//   - A window that is full ends at the first snapshot it cannot take, and one that is not full takes all it can. So
//     what a later window keeps is older than what the earlier ones keep, with one exception below.
//   - Periods follow each other, so whether the falling snapshot's period is covered by an earlier window shows at the
//     ends of that window's queue.
//   - Hours lie in days, days in weeks and in months, months in years: what one window passes over, the later ones
//     pass over too. The exception is a week that spans two months. The last days of a month may be passed over by
//     the weekly window, as the days after them cover their week, and still be taken for their month. Once those days
//     have fallen, the weekly window takes one of them, and the end of the month goes for good: see displace.
//
// That last step may free a monthly slot, and planning in full might fill it with what the yearly window keeps. Here
// it stays with the yearly window, to which it would fall back before any year is pushed out: nothing else changes.
type cascade struct {
	*history
	windows []window
	queues  [][]int // by window, the snapshots it keeps, oldest first
}

func newCascade(windows []window, h *history, kept []survivor) *cascade {
	return &cascade{history: h, windows: windows, queues: queuesOf(windows, kept)}
}

// queuesOf sorts what a plan has kept into the windows that keep it.
func queuesOf(windows []window, kept []survivor) [][]int {
	queues := make([][]int, len(windows))
	for _, s := range kept {
		for _, r := range s.Reasons {
			i := slices.IndexFunc(windows, func(w window) bool { return w.rule == r.Rule })
			if i >= 0 && r.Note == "" {
				queues[i] = append(queues[i], s.n)
			}
		}
	}
	return queues
}

func (c *cascade) add(n int) {
	falling, lastKept := n, Reason{}
	for i, w := range c.windows {
		if c.covered(i, falling) {
			continue
		}
		c.displace(i, falling)
		c.queues[i] = append(c.queues[i], falling)
		if len(c.queues[i]) <= w.count {
			return
		}
		falling, c.queues[i] = c.queues[i][0], c.queues[i][1:]
		lastKept = Reason{Rule: w.rule, Slot: w.count}
	}
	c.leave(falling, lastKept)
}

// covered reports whether a window before the i-th keeps a snapshot of n's period.
func (c *cascade) covered(i, n int) bool {
	for _, q := range c.queues[:i] {
		if len(q) > 0 && (c.same(i, q[0], n) || c.same(i, q[len(q)-1], n)) {
			return true
		}
	}
	return false
}

// displace removes the older snapshots of the period in which the i-th window is about to keep n.
func (c *cascade) displace(i, n int) {
	for j := i; j < len(c.windows); j++ {
		for last := len(c.queues[j]) - 1; last >= 0 && c.same(i, c.queues[j][last], n); last-- {
			c.leave(c.queues[j][last], Reason{Rule: c.windows[j].rule, Slot: 1})
			c.queues[j] = c.queues[j][:last]
		}
	}
}

// same reports whether two snapshots lie in one period of the i-th window.
func (c *cascade) same(i, a, b int) bool {
	s := c.windows[i].span
	return c.periods[a][s] == c.periods[b][s]
}
