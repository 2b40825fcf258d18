package schedule

import "math/bits"

// clock is the set of times of day that an expression names. Each of the three parts has at least one value.
type clock struct {
	hours   uint32      // bit n: hour n
	minutes uint64      // bit n: minute n
	seconds []component // in microseconds
}

const allHours = 1<<24 - 1

const (
	microsPerMinute = 60 * microsPerSecond
	microsPerHour   = 60 * microsPerMinute
	microsPerDay    = 24 * microsPerHour
)

// next returns the first time of day that is at least from; both count microseconds from midnight.
func (c *clock) next(from int64) (int64, bool) {
	hour, inHour := from/microsPerHour, from%microsPerHour
	if c.hours&(1<<hour) != 0 {
		if t, ok := c.nextInHour(inHour); ok {
			return hour*microsPerHour + t, true
		}
	}
	later := c.hours &^ (1<<(hour+1) - 1)
	if later == 0 {
		return 0, false
	}
	first, _ := c.nextInHour(0)
	return int64(bits.TrailingZeros32(later))*microsPerHour + first, true
}

func (c *clock) nextInHour(from int64) (int64, bool) {
	minute, inMinute := from/microsPerMinute, from%microsPerMinute
	if c.minutes&(1<<minute) != 0 {
		if t, ok := c.nextInMinute(inMinute); ok {
			return minute*microsPerMinute + t, true
		}
	}
	later := c.minutes &^ (1<<(minute+1) - 1)
	if later == 0 {
		return 0, false
	}
	first, _ := c.nextInMinute(0)
	return int64(bits.TrailingZeros64(later))*microsPerMinute + first, true
}

func (c *clock) nextInMinute(from int64) (int64, bool) {
	first, found := int64(0), false
	for _, s := range c.seconds {
		if t, ok := s.next(from, secondField.max); ok && (!found || t < first) {
			first, found = t, true
		}
	}
	return first, found
}

// first returns the earliest time of day.
func (c *clock) first() int64 {
	t, _ := c.next(0)
	return t
}
