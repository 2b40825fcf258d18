package schedule

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func mustParse(t testing.TB, expr string) *Calendar {
	t.Helper()
	c, err := Parse(expr, nil)
	require.NoError(t, err)
	return c
}

var november = time.Date(2026, time.November, 1, 0, 0, 0, 0, time.UTC)

func TestBetweenTiles(t *testing.T) {
	daily := mustParse(t, "daily")
	middle, end := november.AddDate(0, 0, 3), november.AddDate(0, 0, 7)
	whole := slices.Collect(Between(daily, november, end))
	require.Len(t, whole, 7)
	require.Equal(t, november, whole[0], "from belongs to it")
	require.True(t, whole[6].Before(end), "to does not")
	parts := slices.AppendSeq(slices.Collect(Between(daily, november, middle)), Between(daily, middle, end))
	require.Equal(t, whole, parts)
	require.Empty(t, slices.Collect(Between(daily, end, november)))
}

func TestUpcomingEnds(t *testing.T) {
	twice := mustParse(t, "2026-12-01,02")
	require.Len(t, slices.Collect(Upcoming(twice, november)), 2)
	require.Len(t, NextN(twice, november, 5), 2)
	require.Empty(t, NextN(twice, november, 0))
	require.Empty(t, NextN(twice, november, -1))
}

// stuck breaks the contract of Schedule: it always answers with the same time.
type stuck time.Time

func (s stuck) Next(time.Time) time.Time { return time.Time(s) }

func TestUpcomingStopsWhenStuck(t *testing.T) {
	s := stuck(november)
	require.Len(t, slices.Collect(Upcoming(s, november.Add(-time.Hour))), 1)
	require.Len(t, slices.Collect(Runs([]Job{{Schedule: s}}, november.Add(-time.Hour), november.Add(time.Hour))), 1)
}

func TestNextIsStrictlyLaterAndExact(t *testing.T) {
	c := mustParse(t, "0:0:0/0.25")
	at := november.Add(250 * time.Millisecond)
	require.Equal(t, at, c.Next(at.Add(-1)))
	require.Equal(t, november.Add(500*time.Millisecond), c.Next(at))
	require.Equal(t, november.Add(500*time.Millisecond), c.Next(at.Add(1)))
}

func TestNextAnswersInTheZoneOfTheExpression(t *testing.T) {
	tokyo, err := time.LoadLocation("Asia/Tokyo")
	require.NoError(t, err)
	c, err := Parse("02:00", tokyo)
	require.NoError(t, err)
	require.Equal(t, "2026-11-01T02:00:00+09:00", c.Next(november.Add(-8*time.Hour)).Format(time.RFC3339))
	named, err := Parse("02:00 Europe/Berlin", tokyo)
	require.NoError(t, err)
	require.Equal(t, "Europe/Berlin", named.Next(november).Location().String())
}

func TestEndsOfTheYears(t *testing.T) {
	daily := mustParse(t, "daily")
	require.Equal(t, "1970-01-01T00:00:00Z", daily.Next(time.Time{}).Format(time.RFC3339))
	last := time.Date(2199, 12, 31, 0, 0, 0, 0, time.UTC)
	require.Equal(t, last, daily.Next(last.Add(-time.Hour)))
	require.Zero(t, daily.Next(last))
	require.Zero(t, daily.Next(time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)))
}

func TestCronDays(t *testing.T) {
	for expr, want := range map[string]int{ // days of November 2026, which has 5 Sundays and 5 Mondays
		"0 0 * * *":      30,
		"0 0 * * mon":    5,
		"0 0 2,3 * *":    2,
		"0 0 2,3 * mon":  6,  // either: Monday is the 2nd too
		"0 0 */10 * mon": 8,  // a step restricts the day: 1, 11, 21 or a Monday
		"0 0 */1 * mon":  5,  // a step of 1 does not
		"0 0 1-30 * mon": 30, // all days named restrict it too, although to every day
	} {
		c, err := ParseCron(expr, nil)
		require.NoError(t, err)
		require.Len(t, slices.Collect(Between(c, november, november.AddDate(0, 1, 0))), want, expr)
	}
}

func TestEvery(t *testing.T) {
	c, err := ParseCron("@every 90m", nil)
	require.NoError(t, err)
	require.Equal(t, november.Add(90*time.Minute), c.Next(november))
	require.Equal(t, november.Add(90*time.Minute), c.Next(november.Add(300*time.Millisecond)))
	require.NoError(t, c.Never())
	require.Len(t, slices.Collect(Between(c, november, november.Add(6*time.Hour))), 3)
}
