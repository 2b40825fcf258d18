package schedule

import "time"

// maxShift is more than any two clocks of one zone have ever differed, and more than any is off UTC.
const maxShift = 26 * time.Hour

// span is a stretch of time in which a zone keeps one distance from UTC.
type span struct {
	start, end time.Time // end is the first moment after it; zero: the zone never changed before, never changes again
	offset     time.Duration
}

// spanAt returns the span that t lies in, in t's own zone. Its end is always later than t.
func spanAt(t time.Time) span {
	start, end := t.ZoneBounds()
	if !end.IsZero() && !end.After(t) {
		// In years that the zone's table does not reach, ZoneBounds splits spans at the turn of the year, which does
		// no harm, but gives each year 365 days: on the last day of a leap year (UTC), end would be the day's start.
		end = time.Date(t.UTC().Year()+1, time.January, 1, 0, 0, 0, 0, time.UTC).In(t.Location())
	}
	_, offset := t.Zone()
	return span{start, end, time.Duration(offset) * time.Second}
}

// wall returns what the clock shows at t, which lies in s.
func (s span) wall(t time.Time) wall {
	return wall(t.UnixMicro() + s.offset.Microseconds())
}

// moment returns when a clock set like this one shows w.
func (s span) moment(w wall, loc *time.Location) time.Time {
	return time.UnixMicro(int64(w) - s.offset.Microseconds()).In(loc)
}

// holds reports whether t lies before the end of s.
func (s span) holds(t time.Time) bool { return s.end.IsZero() || t.Before(s.end) }

// repeatedUntil returns the first wall-clock time of s that was not already shown before s began, when t lies so
// near to the start of s that this matters.
func (s span) repeatedUntil(t time.Time) wall {
	if s.start.IsZero() || t.Sub(s.start) > maxShift {
		return 0
	}
	return spanAt(s.start.Add(-1)).wall(s.start)
}

// occurrence returns the first moment at which clocks in loc show w. When they skip w, it returns the first moment
// after the gap instead, and skipped is true. time.Date would not do: for a time in a gap it answers sometimes
// with one before the gap and sometimes with one after it, depending on the zone.
func occurrence(w wall, loc *time.Location) (at time.Time, skipped bool) {
	s := spanAt(time.UnixMicro(int64(w)).Add(-maxShift).In(loc))
	for {
		at = s.moment(w, loc)
		if s.holds(at) {
			return at, false
		}
		next := spanAt(s.end)
		if w < next.wall(s.end) {
			return s.end, true
		}
		s = next
	}
}
