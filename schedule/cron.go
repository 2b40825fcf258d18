package schedule

import "time"

// Cron is a cron expression of five fields, made by [ParseCron]. It never changes and is safe for concurrent use.
// The zero value never fires.
type Cron struct {
	pattern   pattern
	every     time.Duration // of @every; then there is no pattern
	loc       *time.Location
	expr      string // as it was given, for Never
	canonical string
}

var _ Schedule = (*Cron)(nil)

// Next returns the first time strictly after the one given, in the expression's zone; the zero time when there is
// none. Zones that change their clocks are treated as for [Calendar], and like there Next neither allocates nor
// searches for long. "@every" has no clock times: it adds its period to the time given, rounded to a whole second.
func (c *Cron) Next(after time.Time) time.Time {
	if c.every > 0 {
		return after.Round(time.Second).Add(c.every).In(c.Location())
	}
	return c.pattern.nextIn(c.Location(), after)
}

// String returns the canonical form: numbers instead of names and of @daily, one blank between fields, lists in
// order, the zone in front if the expression named one. Parsing it again gives an equal schedule.
func (c *Cron) String() string { return c.canonical }

// Location returns the zone in which the expression is read.
func (c *Cron) Location() *time.Location {
	if c.loc == nil {
		return time.UTC
	}
	return c.loc
}

// Never returns nil when the expression fires at least once, and otherwise a *[ParseError]; see [Calendar.Never].
func (c *Cron) Never() error {
	if c.every > 0 || !c.pattern.days.years.empty() {
		return nil
	}
	return never(c.expr)
}
