package schedule

import "time"

// nextIn returns the first moment after the one given at which p is due in a zone. This is the daylight saving rule
// of the package comment, and the only place that knows it.
func (p *pattern) nextIn(loc *time.Location, after time.Time) time.Time {
	after = after.In(loc)
	switch year := after.Year(); {
	case year > maxYear:
		return time.Time{}
	case year < minYear: // far enough back that microseconds might overflow, and nothing is due there anyway
		after = time.Date(minYear, 1, 1, 0, 0, 0, -1, loc)
	}
	here := spanAt(after)
	from := here.wall(after) + 1
	if !p.everyHour() {
		from = max(from, here.repeatedUntil(after))
	}
	w, ok := p.next(from)
	if ok {
		if at := here.moment(w, loc); here.holds(at) {
			return at
		}
	}
	if !p.everyHour() {
		return p.firstOccurrence(w, ok, loc)
	}
	if at, repeats := p.repeatedAfter(here); repeats {
		return at
	}
	return p.inRealHours(w, ok, loc)
}

// firstOccurrence is when an expression with a fixed hour runs for the wall-clock time w.
func (p *pattern) firstOccurrence(w wall, ok bool, loc *time.Location) time.Time {
	if !ok {
		return time.Time{}
	}
	at, _ := occurrence(w, loc)
	return at
}

// repeatedAfter returns the first time of p that clocks show again because they are set back at the end of s.
func (p *pattern) repeatedAfter(s span) (time.Time, bool) {
	if s.end.IsZero() {
		return time.Time{}, false
	}
	next := spanAt(s.end)
	w, ok := p.next(next.wall(s.end))
	return next.moment(w, s.end.Location()), ok && w < s.wall(s.end)
}

// inRealHours is when an expression for every hour runs next, from the wall-clock time w on. An hour that is skipped
// as a whole is not there to run in. Where clocks skip only a part of an hour (Lord Howe moves by 30 minutes), the
// rest of the hour still has its run: at once, if its time was in the gap.
func (p *pattern) inRealHours(w wall, ok bool, loc *time.Location) time.Time {
	for ok {
		at, skipped := occurrence(w, loc)
		if !skipped {
			return at
		}
		resume := spanAt(at).wall(at)
		w, ok = p.next(max(w, resume-resume%microsPerHour))
		if ok && w < resume {
			return at
		}
	}
	return time.Time{}
}
