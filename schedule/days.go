package schedule

import (
	"math/bits"
	"time"
)

// Every schedule lives in these years, which are also systemd's. They bound each search.
const (
	minYear = 1970
	maxYear = 2199
)

// days is the set of dates that an expression names. Sets are bits: bit n stands for the value n.
type days struct {
	years    yearSet
	months   uint16
	month    uint32 // days of the month
	end      uint32 // days counted from the end of the month, 1 is the last; used instead of month when not 0
	weekdays uint8  // bit n: time.Weekday(n)
	either   bool   // cron's rule: the day of the month or the weekday, instead of both
}

const everyWeekday = 1<<7 - 1

// settle drops the years in which no day of d exists, so that next never searches in vain. It is called once, when
// the expression has been read; after it, no years means never.
func (d *days) settle() {
	for year := minYear; year <= maxYear; year++ {
		if d.years.has(year) && !d.inYear(year) {
			d.years.drop(year)
		}
	}
}

func (d *days) inYear(year int) bool {
	for month := time.January; month <= time.December; month++ {
		if d.inMonth(year, month) != 0 {
			return true
		}
	}
	return false
}

// inMonth returns the days of one month that belong to d, whatever the year says.
func (d *days) inMonth(year int, month time.Month) uint32 {
	if d.months&(1<<month) == 0 {
		return 0
	}
	first := time.Date(year, month, 1, 0, 0, 0, 0, time.UTC)
	length := first.AddDate(0, 1, -1).Day()
	byDate := d.month
	if d.end != 0 {
		byDate = fromEnd(d.end, length)
	}
	byWeekday := onWeekdays(d.weekdays, first.Weekday())
	inMonth := uint32(uint64(1)<<(length+1) - 2)
	if d.either {
		return (byDate | byWeekday) & inMonth
	}
	return byDate & byWeekday & inMonth
}

// fromEnd turns days counted from the end of a month of that length into days of the month.
func fromEnd(end uint32, length int) uint32 {
	return uint32(bits.Reverse64(uint64(end)) >> (62 - length))
}

// onWeekdays returns the days of a month that fall on one of weekdays when its first day is a first.
func onWeekdays(weekdays uint8, first time.Weekday) uint32 {
	const eachWeek = 1 | 1<<7 | 1<<14 | 1<<21 | 1<<28 | 1<<35
	return uint32(uint64(weekdays) * eachWeek >> first << 1)
}

// has reports whether the date belongs to d.
func (d *days) has(year int, month time.Month, day int) bool {
	return d.years.has(year) && d.inMonth(year, month)&(1<<day) != 0
}

// next returns the first date of d that is later than the one given, as midnight in UTC.
// At most the rest of one year and one further year are looked through: settle left no year without a date.
func (d *days) next(year int, month time.Month, day int) (time.Time, bool) {
	if d.years.has(year) {
		later := d.inMonth(year, month) &^ (1<<(day+1) - 1)
		if t, ok := d.inRestOfYear(year, month, later); ok {
			return t, true
		}
	}
	year, ok := d.years.next(year + 1)
	if !ok {
		return time.Time{}, false
	}
	return d.inRestOfYear(year, time.January, d.inMonth(year, time.January))
}

// inRestOfYear returns the first of the days given for that month, or else the first date of d in a later month.
func (d *days) inRestOfYear(year int, month time.Month, days uint32) (time.Time, bool) {
	for days == 0 {
		if month == time.December {
			return time.Time{}, false
		}
		month++
		days = d.inMonth(year, month)
	}
	return time.Date(year, month, bits.TrailingZeros32(days), 0, 0, 0, 0, time.UTC), true
}
