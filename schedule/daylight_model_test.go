package schedule

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// changes are moments near which the zones of changingZones move their clocks.
var changes = []string{
	"2026-03-29", "2026-10-25", "2026-03-08", "2026-11-01", "2018-11-04", "2018-02-18", "2026-10-04", "2026-04-05",
	"2011-12-30", "2011-04-02", "2012-09-30", "2096-12-31", "2040-10-28",
}

// TestDaylightModel compares with the rule taken literally: look at each minute of some days, write down what the
// clock shows, and pick the moments for each wall-clock time that the expression names.
func TestDaylightModel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		loc, err := time.LoadLocation(rapid.SampledFrom(changingZones).Draw(t, "zone"))
		require.NoError(t, err)
		day, err := time.ParseInLocation(time.DateOnly, rapid.SampledFrom(changes).Draw(t, "change"), loc)
		require.NoError(t, err)
		hours, minutes := drawValues(t, "hours", 24), drawValues(t, "minutes", 60)
		if rapid.Bool().Draw(t, "every hour") {
			hours = drawAll(24)
		}
		c, err := Parse(join(hours)+":"+join(minutes), loc)
		require.NoError(t, err)

		from, to := day.Add(-48*time.Hour), day.Add(72*time.Hour)
		want := literally(loc, from, to, hours, minutes)
		got := slices.Collect(Between(c, from, to))
		require.Equal(t, stamps(want), stamps(got), "%s in %s", c, loc)
	})
}

func drawValues(t *rapid.T, label string, n int) []int {
	return rapid.SliceOfNDistinct(rapid.IntRange(0, n-1), 1, 4, rapid.ID[int]).Draw(t, label)
}

func drawAll(n int) []int {
	var all []int
	for i := range n {
		all = append(all, i)
	}
	return all
}

func join(values []int) string {
	return strings.Trim(strings.ReplaceAll(fmt.Sprint(values), " ", ","), "[]")
}

// literally is the rule in the slowest possible way.
func literally(loc *time.Location, from, to time.Time, hours, minutes []int) []time.Time {
	shown := map[string][]time.Time{} // what the clock shows, to the minute, and when
	for t := from.Add(-48 * time.Hour); t.Before(to.Add(48 * time.Hour)); t = t.Add(time.Minute) {
		key := t.In(loc).Format("2006-01-02 15:04")
		shown[key] = append(shown[key], t.In(loc))
	}
	everyHour := len(hours) == 24
	due := map[int64]time.Time{}
	// Dates are counted in UTC so that the one that a zone skips is among them.
	for date := from.UTC().Add(-24 * time.Hour); date.Before(to.Add(48 * time.Hour)); date = date.Add(24 * time.Hour) {
		for _, hour := range hours {
			for _, minute := range minutes {
				w := time.Date(date.Year(), date.Month(), date.Day(), hour, minute, 0, 0, time.UTC)
				for _, t := range momentsFor(w, shown, everyHour) {
					due[t.Unix()] = t
				}
			}
		}
	}
	var list []time.Time
	for _, t := range due {
		if !t.Before(from) && t.Before(to) {
			list = append(list, t)
		}
	}
	slices.SortFunc(list, time.Time.Compare)
	return list
}

// momentsFor returns when the wall-clock time w, written as if in UTC, is due.
func momentsFor(w time.Time, shown map[string][]time.Time, everyHour bool) []time.Time {
	const layout = "2006-01-02 15:04"
	moments := shown[w.Format(layout)]
	switch {
	case len(moments) > 0 && everyHour:
		return moments
	case len(moments) > 0:
		return moments[:1]
	}
	for later := w; later.Before(w.Add(25 * time.Hour)); later = later.Add(time.Minute) {
		if resumed := shown[later.Format(layout)]; len(resumed) > 0 {
			if everyHour && !later.Truncate(time.Hour).Equal(w.Truncate(time.Hour)) {
				return nil
			}
			return resumed[:1]
		}
	}
	return nil
}

func stamps(times []time.Time) []string {
	var list []string
	for _, t := range times {
		list = append(list, t.Format(time.RFC3339))
	}
	return list
}
