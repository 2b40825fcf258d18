package task

import (
	"cmp"
	"math"
	"slices"
	"time"

	"github.com/heirloom-backup/heirloom/task/progress"
)

// Total sums up the tasks of one day, type and final state.
type Total struct {
	Day      time.Time      `json:"day"` // its beginning, UTC; a task is of the day on which it was made
	Type     string         `json:"type"`
	State    State          `json:"state"`
	Tasks    int64          `json:"tasks"`
	Work     progress.Count `json:"work"`
	Duration time.Duration  `json:"duration"` // of the last attempts, together, in nanoseconds
	Warnings int64          `json:"warnings"`
}

// TotalOf returns what a task that has ended adds to its day.
func TotalOf(r *Record) Total {
	return Total{Day: dayOf(r.UPID.Time()), Type: r.UPID.Type, State: r.State, Tasks: 1, Work: r.Progress.Work(),
		Duration: r.Duration(r.Ended), Warnings: r.Warnings.Count}
}

// Plus returns t with the numbers of other added. Durations that are too long together, as after a clock was far ahead, make
// the longest there is.
func (t Total) Plus(other Total) Total {
	t.Tasks += other.Tasks
	t.Work = t.Work.Plus(other.Work)
	if t.Duration > math.MaxInt64-other.Duration { // neither is negative
		t.Duration = math.MaxInt64
	} else {
		t.Duration += other.Duration
	}
	t.Warnings += other.Warnings
	return t
}

// dayOf returns the beginning of the day that t is in, UTC.
func dayOf(t time.Time) time.Time { return t.UTC().Truncate(24 * time.Hour) }

// totals are sums by what they are of: a Total whose numbers are zero.
type totals map[Total]Total

func (ts totals) add(r *Record) {
	more := TotalOf(r)
	of := Total{Day: more.Day, Type: more.Type, State: more.State}
	if sum, ok := ts[of]; ok {
		more = sum.Plus(more)
	}
	ts[of] = more
}

// between returns the sums of the days from that of since up to that of until, in the order that Store.Totals promises.
func (ts totals) between(since, until time.Time) []Total {
	var found []Total
	for _, t := range ts {
		if !t.Day.Before(dayOf(since)) && (until.IsZero() || !t.Day.After(dayOf(until))) {
			found = append(found, t)
		}
	}
	slices.SortFunc(found, CompareTotals)
	return found
}

// CompareTotals orders totals by day, type and state.
func CompareTotals(a, b Total) int {
	return cmp.Or(a.Day.Compare(b.Day), cmp.Compare(a.Type, b.Type), cmp.Compare(a.State, b.State))
}

// AddTotals returns sums with the records added whose day is in the range, as Store.Totals has it. It is for stores.
func AddTotals(sums []Total, records []Record, since, until time.Time) []Total {
	all := totals{}
	for _, t := range sums {
		all[Total{Day: t.Day.UTC(), Type: t.Type, State: t.State}] = t
	}
	for i := range records {
		all.add(&records[i])
	}
	return all.between(since, until)
}
