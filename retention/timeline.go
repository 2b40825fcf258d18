package retention

import (
	"iter"
	"slices"
	"time"
)

// Timeline is a forecast: every snapshot there will be, and how long.
type Timeline struct {
	// Lives are all snapshots, those existing at the start included, oldest first.
	Lives []Life

	// Final is the plan after the last backup, for what still exists then.
	Final Decisions

	// Peak is the largest number of snapshots that exist at once, and PeakTime when that is first reached. It counts
	// after each prune; between a backup and its prune there may be one more.
	Peak     int
	PeakTime time.Time

	zone *time.Location
}

// Life is what becomes of one snapshot.
type Life struct {
	Snapshot

	// Gone is the time of the backup whose prune removes it; zero if it outlives the forecast.
	Gone time.Time

	// Stayed is what kept it until it went, or what keeps it at the end; of several reasons the last to hold, or
	// the first of those at the end. It is zero for an existing snapshot that the first prune removes.
	Stayed Reason
}

// ExistsAt reports whether the snapshot is there at a moment, the prune of a backup at that very moment included.
func (l Life) ExistsAt(t time.Time) bool {
	return !l.Time.After(t) && (l.Gone.IsZero() || l.Gone.After(t))
}

// At yields the snapshots that exist at a moment, oldest first.
func (tl *Timeline) At(t time.Time) iter.Seq[Life] {
	return func(yield func(Life) bool) {
		for _, l := range tl.Lives {
			if l.Time.After(t) {
				return
			}
			if l.ExistsAt(t) && !yield(l) {
				return
			}
		}
	}
}

// Day is one day of a timeline.
type Day struct {
	Date   time.Time // midnight UTC of the calendar date, whatever the zone: read its year, month and day alone
	Made   int       // snapshots taken on this day
	Gone   int       // snapshots that prunes of this day removed
	Exists int       // snapshots there at its end
}

// Days yields each calendar day of the timeline's zone from one moment's day to another's, both included.
func (tl *Timeline) Days(from, to time.Time) iter.Seq[Day] {
	return func(yield func(Day) bool) {
		made := dates(tl.Lives, tl.zone, func(l Life) time.Time { return l.Time })
		gone := dates(tl.Lives, tl.zone, func(l Life) time.Time { return l.Gone })
		last := dateOf(to, tl.zone)
		for date := dateOf(from, tl.zone); !date.After(last); date = date.AddDate(0, 0, 1) {
			madeBefore, madeBy := countUntil(made, date)
			goneBefore, goneBy := countUntil(gone, date)
			day := Day{Date: date, Made: madeBy - madeBefore, Gone: goneBy - goneBefore, Exists: madeBy - goneBy}
			if !yield(day) {
				return
			}
		}
	}
}

// dates returns the calendar dates of one event in each life that has it, ascending.
func dates(lives []Life, zone *time.Location, event func(Life) time.Time) []time.Time {
	var all []time.Time
	for _, l := range lives {
		if t := event(l); !t.IsZero() {
			all = append(all, dateOf(t, zone))
		}
	}
	slices.SortFunc(all, time.Time.Compare)
	return all
}

// countUntil returns how many of the ascending dates lie before a date, and how many not after it.
func countUntil(dates []time.Time, date time.Time) (before, until int) {
	before, _ = slices.BinarySearchFunc(dates, date, time.Time.Compare)
	until, _ = slices.BinarySearchFunc(dates, date.AddDate(0, 0, 1), time.Time.Compare)
	return before, until
}

func dateOf(t time.Time, zone *time.Location) time.Time {
	y, m, d := t.In(zone).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
}
