package schedule

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// daylightCases are one per kind of change. Moments are written in the zone's own clock with its distance from UTC.
var daylightCases = []struct {
	name, zone, expr string
	after            string
	want             []string
}{
	{
		"a skipped time runs at the first moment after the gap", "Europe/Berlin", "02:30",
		"2026-03-28T12:00:00+01:00",
		[]string{"2026-03-29T03:00:00+02:00", "2026-03-30T02:30:00+02:00"},
	}, {
		"the first skipped moment too", "Europe/Berlin", "02:00",
		"2026-03-28T12:00:00+01:00",
		[]string{"2026-03-29T03:00:00+02:00", "2026-03-30T02:00:00+02:00"},
	}, {
		"several skipped times run once", "Europe/Berlin", "2:0/15",
		"2026-03-28T12:00:00+01:00",
		[]string{"2026-03-29T03:00:00+02:00", "2026-03-30T02:00:00+02:00"},
	}, {
		"a skipped time that meets another runs once", "Europe/Berlin", "2,3:00",
		"2026-03-28T12:00:00+01:00",
		[]string{"2026-03-29T03:00:00+02:00", "2026-03-30T02:00:00+02:00"},
	}, {
		"a skipped time on its only date is not lost", "Europe/Berlin", "2026-03-29 02:30",
		"2026-03-28T12:00:00+01:00",
		[]string{"2026-03-29T03:00:00+02:00", ""},
	}, {
		"a repeated time runs the first time only", "Europe/Berlin", "02:30",
		"2026-10-24T12:00:00+02:00",
		[]string{"2026-10-25T02:30:00+02:00", "2026-10-26T02:30:00+01:00"},
	}, {
		"asked between the two passes", "Europe/Berlin", "02:30",
		"2026-10-25T02:45:00+02:00",
		[]string{"2026-10-26T02:30:00+01:00"},
	}, {
		"asked in the second pass", "Europe/Berlin", "2:0/15",
		"2026-10-25T02:10:00+01:00",
		[]string{"2026-10-26T02:00:00+01:00"},
	}, {
		"a time just after the repeated hour", "Europe/Berlin", "03:00",
		"2026-10-25T02:59:00+02:00",
		[]string{"2026-10-25T03:00:00+01:00"},
	}, {
		"every hour, in the hours that there are", "Europe/Berlin", "hourly",
		"2026-03-29T00:30:00+01:00",
		[]string{"2026-03-29T01:00:00+01:00", "2026-03-29T03:00:00+02:00", "2026-03-29T04:00:00+02:00"},
	}, {
		"half past every hour makes no run up for an hour that is not there", "Europe/Berlin", "*:30",
		"2026-03-29T01:00:00+01:00",
		[]string{"2026-03-29T01:30:00+01:00", "2026-03-29T03:30:00+02:00"},
	}, {
		"every hour, in both of the repeated ones", "Europe/Berlin", "hourly",
		"2026-10-25T01:30:00+02:00",
		[]string{"2026-10-25T02:00:00+02:00", "2026-10-25T02:00:00+01:00", "2026-10-25T03:00:00+01:00"},
	}, {
		"every quarter, in both of the repeated hours", "Europe/Berlin", "*:0/30",
		"2026-10-25T02:00:00+02:00",
		[]string{"2026-10-25T02:30:00+02:00", "2026-10-25T02:00:00+01:00", "2026-10-25T02:30:00+01:00"},
	}, {
		"all 24 hours named one by one are every hour", "Europe/Berlin", "0..23:30",
		"2026-10-25T02:00:00+02:00",
		[]string{"2026-10-25T02:30:00+02:00", "2026-10-25T02:30:00+01:00", "2026-10-25T03:30:00+01:00"},
	}, {
		"a gap in New York", "America/New_York", "Sun 02:15",
		"2026-03-07T12:00:00-05:00",
		[]string{"2026-03-08T03:00:00-04:00", "2026-03-15T02:15:00-04:00"},
	}, {
		"a repeated time in New York", "America/New_York", "01:30",
		"2026-11-01T00:00:00-04:00",
		[]string{"2026-11-01T01:30:00-04:00", "2026-11-02T01:30:00-05:00"},
	}, {
		"midnight is skipped in São Paulo", "America/Sao_Paulo", "daily",
		"2018-11-03T00:00:00-03:00",
		[]string{"2018-11-04T01:00:00-02:00", "2018-11-05T00:00:00-02:00"},
	}, {
		"the hour before midnight is repeated in São Paulo", "America/Sao_Paulo", "23:30",
		"2018-02-17T12:00:00-02:00",
		[]string{"2018-02-17T23:30:00-02:00", "2018-02-18T23:30:00-03:00"},
	}, {
		"every hour across the repeated one, on its last date", "America/Sao_Paulo", "2018-02-17 *:30",
		"2018-02-17T23:00:00-02:00",
		[]string{"2018-02-17T23:30:00-02:00", "2018-02-17T23:30:00-03:00", ""},
	}, {
		"a gap in Dublin, whose winter time is the exception", "Europe/Dublin", "01:30",
		"2026-03-28T12:00:00Z",
		[]string{"2026-03-29T02:00:00+01:00", "2026-03-30T01:30:00+01:00"},
	}, {
		"a repeated time in Dublin", "Europe/Dublin", "01:30",
		"2026-10-24T12:00:00+01:00",
		[]string{"2026-10-25T01:30:00+01:00", "2026-10-26T01:30:00Z"},
	}, {
		"every hour in Dublin", "Europe/Dublin", "hourly",
		"2026-10-25T00:30:00+01:00",
		[]string{"2026-10-25T01:00:00+01:00", "2026-10-25T01:00:00Z", "2026-10-25T02:00:00Z"},
	}, {
		"a gap of half an hour on Lord Howe", "Australia/Lord_Howe", "02:15",
		"2026-10-03T12:00:00+10:30",
		[]string{"2026-10-04T02:30:00+11:00", "2026-10-05T02:15:00+11:00"},
	}, {
		"half an hour repeated on Lord Howe", "Australia/Lord_Howe", "01:45",
		"2026-04-04T12:00:00+11:00",
		[]string{"2026-04-05T01:45:00+11:00", "2026-04-06T01:45:00+10:30"},
	}, {
		"every hour where only half of one is skipped", "Australia/Lord_Howe", "hourly",
		"2026-10-04T01:00:00+10:30",
		[]string{"2026-10-04T02:30:00+11:00", "2026-10-04T03:00:00+11:00"},
	}, {
		"every hour where only half of one is repeated", "Australia/Lord_Howe", "*:45",
		"2026-04-05T01:00:00+11:00",
		[]string{"2026-04-05T01:45:00+11:00", "2026-04-05T01:45:00+10:30", "2026-04-05T02:45:00+10:30"},
	}, {
		"a whole day is skipped in Apia", "Pacific/Apia", "12:00",
		"2011-12-29T00:00:00-10:00",
		[]string{"2011-12-29T12:00:00-10:00", "2011-12-31T00:00:00+14:00", "2011-12-31T12:00:00+14:00"},
	}, {
		"the date that is not there", "Pacific/Apia", "2011-12-30 18:00",
		"2011-12-29T00:00:00-10:00",
		[]string{"2011-12-31T00:00:00+14:00", ""},
	}, {
		"every hour of a day that is not there", "Pacific/Apia", "2011-12-30 *:30",
		"2011-12-29T00:00:00-10:00",
		[]string{""},
	}, {
		"every hour across the day that is not there", "Pacific/Apia", "*:30",
		"2011-12-29T23:00:00-10:00",
		[]string{"2011-12-29T23:30:00-10:00", "2011-12-31T00:30:00+14:00"},
	},
}

func TestDaylight(t *testing.T) {
	for _, tc := range daylightCases {
		t.Run(tc.zone+"/"+tc.name, func(t *testing.T) {
			loc, err := time.LoadLocation(tc.zone)
			require.NoError(t, err)
			c, err := Parse(tc.expr, loc)
			require.NoError(t, err)
			after, err := time.Parse(time.RFC3339, tc.after)
			require.NoError(t, err)
			var got []string
			for range tc.want {
				next := c.Next(after)
				got = append(got, format(next))
				after = next
			}
			require.Equal(t, tc.want, got)
		})
	}
}

func format(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.RFC3339)
}

// TestDaylightCron shows that cron expressions follow the same rule.
func TestDaylightCron(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	require.NoError(t, err)
	for expr, want := range map[string][]int{ // runs on an ordinary day, when an hour is skipped, and repeated
		"30 2 * * *":   {1, 1, 1},
		"0 * * * *":    {24, 23, 25},
		"*/15 * * * *": {96, 92, 100},
		"0 0-23 * * *": {24, 23, 25},
		"0 1-3 * * *":  {3, 2, 3},
	} {
		c, err := ParseCron(expr, berlin)
		require.NoError(t, err)
		for i, day := range []int{28, 29} {
			require.Equal(t, want[i], runsOn(c, time.Date(2026, time.March, day, 0, 0, 0, 0, berlin)), expr)
		}
		require.Equal(t, want[2], runsOn(c, time.Date(2026, time.October, 25, 0, 0, 0, 0, berlin)), expr)
	}
}

func runsOn(s Schedule, day time.Time) int {
	n := 0
	for range Between(s, day, day.AddDate(0, 0, 1)) {
		n++
	}
	return n
}
