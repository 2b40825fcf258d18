package retention

import "time"

// span is the length of period that one slot of a window stands for, in the order in which windows apply.
type span int

const (
	single span = iota // every snapshot is a period of its own
	hour
	day
	week
	month
	year
	spanCount
)

func spans() [spanCount]span { return [...]span{single, hour, day, week, month, year} }

// rule is the window that counts periods of this span.
func (s span) rule() Rule {
	return [...]Rule{KeepLast, KeepHourly, KeepDaily, KeepWeekly, KeepMonthly, KeepYearly}[s]
}

func (s span) String() string {
	return [...]string{"moment", "hour", "day", "week", "month", "year"}[s]
}

// periods holds, for each span, a number naming the period a snapshot lies in. Equal numbers are equal periods, and
// later periods have larger numbers.
type periods [spanCount]int64

// periodsOf names the periods of a moment on the wall clock of a zone. The n-th snapshot of a series passes its own
// n, since keep-last counts snapshots and not moments.
//
// Hours are those the clock shows: when it is set back, the hour it shows twice is one period. The year of a week is
// that of its Thursday, so 2027-01-01 lies in week 53 of 2026.
func periodsOf(t time.Time, zone *time.Location, n int) periods {
	local := t.In(zone)
	y, m, d := local.Date()
	weekYear, weekNumber := local.ISOWeek()
	months := int64(y)*12 + int64(m-1)
	days := months*31 + int64(d-1)
	return periods{
		single: int64(n),
		hour:   days*24 + int64(local.Hour()),
		day:    days,
		week:   int64(weekYear)*53 + int64(weekNumber-1),
		month:  months,
		year:   int64(y),
	}
}

// orUTC is the zone that a nil location stands for.
func orUTC(zone *time.Location) *time.Location {
	if zone == nil {
		return time.UTC
	}
	return zone
}

// follows reports whether no period of p is earlier than that of an older snapshot.
func (p periods) follows(older periods) bool {
	for s := range p {
		if p[s] < older[s] {
			return false
		}
	}
	return true
}
