package progress

import "time"

// clock tells the time that has passed since it was made. It never goes back: a step back of the clock behind it counts
// as no time at all, and from there on time passes as usual. (What time.Now returns has a monotonic reading, and makes
// no such steps; a clock that somebody brings along may.)
type clock struct {
	now    func() time.Time
	begun  time.Time
	last   time.Time // the latest reading
	passed time.Duration
}

func newClock(now func() time.Time) clock {
	if now == nil {
		now = time.Now
	}
	begun := now()
	return clock{now: now, begun: begun.Round(0).UTC(), last: begun} // Round strips the monotonic reading
}

// elapsed reads the clock.
func (c *clock) elapsed() time.Duration {
	now := c.now()
	c.passed += max(0, now.Sub(c.last))
	c.last = now
	return c.passed
}

// time returns when so much time had passed.
func (c *clock) time(elapsed time.Duration) time.Time { return c.begun.Add(elapsed) }
