package retention_test

import (
	"fmt"
	"testing"
	"time"
	_ "time/tzdata" // the zones these tests speak of exist on every machine

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/heirloom-backup/heirloom/retention"
)

func zoneNamed(t testing.TB, name string) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation(name)
	require.NoError(t, err)
	return zone
}

// drawZone includes a zone with a half-hour change, one that skipped a day, and one that set its clock back across
// midnight at one minute past.
func drawZone(t *rapid.T) *time.Location {
	name := rapid.SampledFrom([]string{"UTC", "Europe/Berlin", "America/New_York", "America/Sao_Paulo",
		"Australia/Lord_Howe", "Pacific/Apia", "America/St_Johns", "Asia/Kathmandu"}).Draw(t, "zone")
	zone, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

// drawPolicy favours small counts, with which windows fill up and hand over.
func drawPolicy(t *rapid.T) retention.Policy {
	count := func(name string) int {
		return rapid.OneOf(rapid.Just(0), rapid.IntRange(1, 4), rapid.IntRange(-1, 12)).Draw(t, name)
	}
	return retention.Policy{
		Last: count("last"), Hourly: count("hourly"), Daily: count("daily"), Weekly: count("weekly"),
		Monthly: count("monthly"), Yearly: count("yearly"),
		Independent: rapid.Bool().Draw(t, "independent"),
	}
}

// drawTimes returns ascending times, either evenly spaced or mixed, so that every window has its turn. They start
// around clock changes, the turn of years, and ends of months within a week.
func drawTimes(t *rapid.T, most int) []time.Time {
	at := rapid.SampledFrom([]time.Time{
		time.Date(2026, 10, 24, 12, 0, 0, 0, time.UTC),
		time.Date(2026, 12, 20, 7, 30, 0, 0, time.UTC),
		time.Date(2028, 2, 25, 3, 15, 0, 0, time.UTC),
		time.Date(2006, 10, 29, 2, 29, 30, 0, time.UTC), // Saint John's, a minute before midnight came twice
		time.Date(2011, 12, 28, 1, 0, 0, 0, time.UTC),
	}).Draw(t, "start")
	steps := rapid.SampledFrom([][]time.Duration{
		{20 * time.Second, 10 * time.Minute}, {20 * time.Minute}, {time.Hour}, {7 * time.Hour}, {24 * time.Hour},
		{60 * time.Hour}, {24 * time.Hour, 24 * time.Hour, 20 * 24 * time.Hour, 150 * 24 * time.Hour},
	}).Draw(t, "steps")
	gap := rapid.Custom(func(t *rapid.T) time.Duration {
		return time.Duration(rapid.IntRange(1, 3).Draw(t, "times")) * rapid.SampledFrom(steps).Draw(t, "step")
	})
	var times []time.Time
	for _, g := range rapid.SliceOfN(gap, 0, most).Draw(t, "gaps") {
		at = at.Add(g)
		times = append(times, at)
	}
	return times
}

// drawSnapshots gives some of the times marks, each rare enough to leave windows something to do.
func drawSnapshots(t *rapid.T, most int) []retention.Snapshot {
	var snapshots []retention.Snapshot
	rare := rapid.Custom(func(t *rapid.T) bool { return rapid.IntRange(0, 9).Draw(t, "chance") == 9 })
	for i, at := range drawTimes(t, most) {
		s := retention.Snapshot{
			ID: fmt.Sprintf("s%03d", i), Time: at,
			Protected: rare.Draw(t, "protected"), Partial: rare.Draw(t, "partial"),
			Damaged: rare.Draw(t, "damaged"), Suspect: rare.Draw(t, "suspect"),
		}
		if rare.Draw(t, "held") {
			s.Hold = "audit"
		}
		snapshots = append(snapshots, s)
	}
	return snapshots
}

// ids returns the names of what a plan keeps, newest first.
func ids(ds retention.Decisions) []string {
	var kept []string
	for d := range ds.Kept() {
		kept = append(kept, d.ID)
	}
	return kept
}
