package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestScheduleNext(t *testing.T) {
	tests := map[string]struct {
		args []string
		want string
	}{
		"from now":          {[]string{"02:00"}, "2026-11-23T02:00:00Z\n"}, // now is 02:00 itself
		"several":           {[]string{"-n", "3", "Mon..Fri 18:00"}, "2026-11-23T18:00:00Z\n2026-11-24T18:00:00Z\n2026-11-25T18:00:00Z\n"},
		"zone":              {[]string{"--tz", "Europe/Berlin", "02:00"}, "2026-11-23T01:00:00Z\n"},
		"from":              {[]string{"--from", "2030-01-01T00:00:00+01:00", "hourly"}, "2030-01-01T00:00:00Z\n"},
		"cron":              {[]string{"--cron", "0 * * * *"}, "2026-11-22T03:00:00Z\n"},
		"never":             {[]string{"*-02-30"}, "never\n"},
		"fewer than wanted": {[]string{"-n", "5", "2026-12-24 18:00"}, "2026-12-24T18:00:00Z\n"},
		"fractions":         {[]string{"*:*:0.5"}, "2026-11-22T02:00:00.5Z\n"},
		"JSON":              {[]string{"--json", "daily"}, "[\n  \"2026-11-23T00:00:00Z\"\n]\n"},
		"never, in JSON":    {[]string{"--json", "*-02-30"}, "[]\n"},
	}
	c := newCLI(t)
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			require.Equal(t, test.want, c.must(append([]string{"schedule", "next"}, test.args...)...))
		})
	}
}

func TestScheduleCheck(t *testing.T) {
	c := newCLI(t)
	var check struct {
		Runs       int
		Collisions []struct {
			A, B, First    string
			Count          int
			LongestSeconds float64 `json:"longest_seconds"`
		}
		Gaps []struct{ Seconds float64 }
	}
	c.decode(statusOK, &check, "schedule", "check", "--days", "2", "--duration", "30m", "03:00", "03:10", "12:00")
	require.Equal(t, 6, check.Runs)
	require.Len(t, check.Collisions, 1)
	require.Equal(t, []any{"03:00", "03:10", 2, "2026-11-22T03:10:00.000Z", 1200.0}, []any{check.Collisions[0].A, check.Collisions[0].B,
		check.Collisions[0].Count, check.Collisions[0].First, check.Collisions[0].LongestSeconds})
	require.EqualValues(t, 14.5*3600, check.Gaps[0].Seconds)

	text := c.must("schedule", "check", "--days", "2", "--duration", "30m", "03:00", "03:10", "12:00")
	require.Contains(t, text, "6 runs, 1 colliding pair")
	require.Equal(t, 1, strings.Count(text, "03:00      03:10"))
}
