package schedule

import "time"

// wall is what a clock on the wall shows, whatever the zone: microseconds since it showed 1970-01-01 00:00:00.
type wall int64

// pattern is the set of wall-clock times that an expression names.
type pattern struct {
	days  days
	clock clock
}

// everyHour reports whether the hour is left open, in which case a schedule follows the real hours.
func (p *pattern) everyHour() bool { return p.clock.hours == allHours }

// next returns the first wall-clock time of p that is at least from.
func (p *pattern) next(from wall) (wall, bool) {
	from = max(from, 0) // nothing is due before minYear
	midnight := from - from%microsPerDay
	year, month, day := time.UnixMicro(int64(from)).UTC().Date()
	if p.days.has(year, month, day) {
		if t, ok := p.clock.next(int64(from - midnight)); ok {
			return midnight + wall(t), true
		}
	}
	date, ok := p.days.next(year, month, day)
	if !ok {
		return 0, false
	}
	return wall(date.UnixMicro() + p.clock.first()), true
}
