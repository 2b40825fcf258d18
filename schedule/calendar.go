package schedule

import "time"

// Calendar is a calendar event in systemd's grammar, made by [Parse]. It never changes and is safe for concurrent
// use. The zero value never fires.
type Calendar struct {
	pattern   pattern
	loc       *time.Location
	zone      string // as the expression names it; empty: loc came from the caller
	expr      string // as it was given, for Never
	canonical string
}

var _ Schedule = (*Calendar)(nil)

// Next returns the first time strictly after the one given, in the calendar's zone, to the microsecond. It returns
// the zero time when there is none: because no such date exists (see [Calendar.Never]), or because the last one is
// past. Calendars know the years 1970 to 2199, as systemd does.
//
// Next does not allocate, and no expression makes it search for long: a date that comes once in forty years costs
// about as much as one that comes every month.
func (c *Calendar) Next(after time.Time) time.Time {
	return c.pattern.nextIn(c.Location(), after)
}

// String returns the canonical form, which is what systemd-analyze calendar prints as the normalized form:
// "Mon..Fri *-*-* 18:00:00". The zone is part of it when the expression named one. Parsing it again gives an equal
// calendar with the same canonical form; where the expression used something that systemd does not know, such as
// fri..mon, the canonical form says the same in systemd's words.
func (c *Calendar) String() string { return c.canonical }

// Location returns the zone in which the expression is read.
func (c *Calendar) Location() *time.Location {
	if c.loc == nil {
		return time.UTC
	}
	return c.loc
}

// Never returns nil when a date that the expression names exists in the years 1970 to 2199, and otherwise, as for
// 02-30, a *[ParseError] whose token is the whole expression. Use it to refuse a schedule when a job is made: Next
// says never too, but cannot tell an impossible date from one that is past.
func (c *Calendar) Never() error {
	if !c.pattern.days.years.empty() {
		return nil
	}
	return never(c.expr)
}

func never(expr string) error {
	return whole(expr).refuse("no such date exists from %d to %d: this never fires", minYear, maxYear)
}
