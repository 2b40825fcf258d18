package schedule

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// stringSchedule is what both parsers return.
type stringSchedule interface {
	Schedule
	fmt.Stringer
	Location() *time.Location
	Never() error
}

func FuzzParse(f *testing.F) {
	seeds := []string{
		"daily", "WEEKLY utc", "02:00", "*-*-* 02:00", "Mon..Fri 18:00", "Sun 03:00", "*-01-01 03:00", "*-*~01",
		"Mon *-05~07/1", "fri..mon", "Mon-Fri,Sun, 5:0", "*/15", "*:*/15", "*-*-*/2 */3:*/4:*/5", "*/4-02-29",
		"*-*~1..7/2 0..10/3,5:0:0.5..2.5/0.25", "@1395716396", "2024-02-30", "02-30", "Mon 2/7-2..4/2-1,3,5 4:5:6",
		"hourly Europe/Berlin", "2:30 America/New_York", "*:15 Australia/Lord_Howe", "24:00", "*:0/0", "5..1:0", "",
		"12:30:59.9999999", "*-*-1/31", "20/10:50/30", "Mon,,Tue", "*-*~*", "99-1-1", "*:*:0/0.000001",
		"*-*~28/27", "daily Pacific/Apia", "2011-12-30 10:00 Pacific/Apia", "0/23:0/59:0/59.999999",
	}
	for _, expr := range seeds {
		for _, base := range fuzzBases {
			f.Add(expr, base)
		}
	}
	f.Fuzz(func(t *testing.T, expr string, base int64) {
		parse := func(expr string) (stringSchedule, error) { return Parse(expr, fuzzZone(base)) }
		checkParser(t, parse, expr, base)
	})
}

func FuzzParseCron(f *testing.F) {
	seeds := []string{
		"0 * * * *", "*/15 2-4 1,15 jan-mar MON", "0 0 29 2 *", "0 0 31 2 ?", "@daily", "@every 1h30m", "30 2 * * *",
		"CRON_TZ=Europe/Berlin 30 2 * * *", "TZ=UTC @weekly", "0 0 */2 * 1", "0 0 */1 * 1", "5/7 * * * *", "*,5 * * * *",
		"0 24 * * *", "60 * * * *", "* * 0 * *", "*/0 * * * *", "* * * * 7", "1-5/100 * * * *", "", "@reboot", "* * * *",
	}
	for _, expr := range seeds {
		for _, base := range fuzzBases {
			f.Add(expr, base)
		}
	}
	f.Fuzz(func(t *testing.T, expr string, base int64) {
		parse := func(expr string) (stringSchedule, error) { return ParseCron(expr, fuzzZone(base)) }
		checkParser(t, parse, expr, base)
	})
}

// fuzzBases are seconds since 1970: ordinary days, changes of the clock, both ends of the years.
var fuzzBases = []int64{0, 1_700_000_000, 1_774_742_399, 1_792_893_600, 1_325_239_199, 7_258_118_399, -1 << 62, 1 << 62}

// fuzzZone picks a zone by the base time, so that a failing input says it all.
func fuzzZone(base int64) *time.Location {
	zones := append([]string{"UTC"}, changingZones...)
	loc, err := time.LoadLocation(zones[uint64(base)%uint64(len(zones))])
	if err != nil {
		panic(err)
	}
	return loc
}

// checkParser holds a parser to everything that is true for all expressions.
func checkParser(t *testing.T, parse func(string) (stringSchedule, error), expr string, base int64) {
	s, err := parse(expr)
	if err != nil {
		var refused *ParseError
		require.ErrorAs(t, err, &refused)
		require.Equal(t, expr, refused.Expr)
		require.NotEmpty(t, refused.Reason)
		require.Equal(t, refused.Token, expr[refused.Offset:refused.Offset+len(refused.Token)])
		return
	}
	again, err := parse(s.String())
	require.NoError(t, err, "canonical form of %q", expr)
	require.Equal(t, s.String(), again.String(), "canonical form of %q", expr)
	require.Equal(t, s.Location().String(), again.Location().String())
	require.Equal(t, s.Never() == nil, again.Never() == nil)

	at := time.Unix(base, 0)
	for range 5 {
		next := s.Next(at)
		require.True(t, next.Equal(again.Next(at)), "%q and %q after %v", expr, s, at)
		if next.IsZero() {
			return
		}
		require.NoError(t, s.Never())
		require.True(t, next.After(at), "%q after %v: %v", expr, at, next)
		checkNothingBetween(t, s, at, next)
		at = next
	}
}

// checkNothingBetween asks from some moments between two that follow each other: the answer must stay the same.
func checkNothingBetween(t *testing.T, s Schedule, at, next time.Time) {
	if c, isCron := s.(*Cron); isCron && c.every > 0 {
		return // counts from the moment it is asked
	}
	steps := []time.Duration{1, time.Microsecond, next.Sub(at) / 2, next.Sub(at) - 30*time.Minute, next.Sub(at) - 1}
	for _, step := range steps {
		if between := at.Add(step); step > 0 && between.Before(next) {
			require.True(t, next.Equal(s.Next(between)), "%v after %v: %v, not %v", s, between, s.Next(between), next)
		}
	}
}
