package schedule

import (
	"fmt"
	"testing"
	"time"

	"github.com/adhocore/gronx"
	"github.com/robfig/cron/v3"
	"github.com/stretchr/testify/require"
)

// benchmarkCases are the same schedules as a calendar event and in cron.
var benchmarkCases = []struct{ name, event, cron string }{
	{"daily", "02:00", "0 2 * * *"},
	{"quarter hours", "*:0/15", "*/15 * * * *"},
	{"weekdays", "Mon..Fri 18:00", "0 18 * * 1-5"},
	{"monthly", "*-*-01 03:00", "0 3 1 * *"},
	{"leap day", "*-02-29", "0 0 29 2 *"},
	{"never", "*-02-30", "0 0 30 2 *"},
}

// BenchmarkNext asks for the next time in a zone that changes its clock.
func BenchmarkNext(b *testing.B) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	require.NoError(b, err)
	at := time.Date(2026, time.November, 22, 18, 20, 0, 0, berlin)
	for _, bc := range benchmarkCases {
		event, err := Parse(bc.event, berlin)
		require.NoError(b, err)
		ours, err := ParseCron(bc.cron, berlin)
		require.NoError(b, err)
		robfig, err := cron.ParseStandard("CRON_TZ=Europe/Berlin " + bc.cron)
		require.NoError(b, err)
		b.Run(bc.name+"/calendar", func(b *testing.B) { benchmarkNext(b, event, at) })
		b.Run(bc.name+"/cron", func(b *testing.B) { benchmarkNext(b, ours, at) })
		b.Run(bc.name+"/robfig", func(b *testing.B) { benchmarkNext(b, robfig, at) })
		b.Run(bc.name+"/gronx", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				_, _ = gronx.NextTickAfter(bc.cron, at, false) // it parses each time, and fails where it finds none
			}
		})
	}
}

func benchmarkNext(b *testing.B, s Schedule, at time.Time) {
	b.ReportAllocs()
	for b.Loop() {
		s.Next(at)
	}
}

// BenchmarkNextWorst looks for what costs most: far dates, long lists, moments near a change of the clock.
func BenchmarkNextWorst(b *testing.B) {
	long := "0"
	for i := range maxComponents - 1 {
		long += fmt.Sprintf(",0..59.5/%d.%03d", 1+i%20, i)
	}
	for _, bc := range []struct{ name, expr, after string }{
		{"forty years", "Sun *-02-29 23:59:59 Europe/Berlin", "2064-02-29T00:00:00Z"},
		{"last year", "2199-12-31 Europe/Berlin", "1970-01-02T00:00:00Z"},
		{"gap", "2:30 Europe/Berlin", "2090-03-25T22:00:00Z"},
		{"after the second pass", "2:30 Europe/Berlin", "2090-10-29T01:10:00Z"},
		{"every hour before the second pass", "*:30 Europe/Berlin", "2090-10-29T00:45:00Z"},
		{"240 entries", "*:*:" + long, "2026-11-22T00:00:00Z"},
	} {
		c, err := Parse(bc.expr, nil)
		require.NoError(b, err)
		at, err := time.Parse(time.RFC3339, bc.after)
		require.NoError(b, err)
		b.Run(bc.name, func(b *testing.B) { benchmarkNext(b, c, at) })
	}
}

func BenchmarkParse(b *testing.B) {
	for _, expr := range []string{"daily", "Mon..Fri *-*-01/7 9..17/2:30", "*-02-30"} {
		b.Run(expr, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				_, _ = Parse(expr, nil)
			}
		})
	}
}

// BenchmarkAnalyse plays through a year of a small server.
func BenchmarkAnalyse(b *testing.B) {
	var jobs []Job
	for _, expr := range []string{"02:00", "Sun 03:00", "Sun 04:30", "05:00", "hourly", "*:0/15"} {
		jobs = append(jobs, Job{Schedule: mustParse(b, expr), Duration: 20 * time.Minute})
	}
	for b.Loop() {
		Analyse(jobs, november, november.AddDate(1, 0, 0))
	}
}

// TestNextDoesNotAllocate also covers what happens near changes of the clock.
func TestNextDoesNotAllocate(t *testing.T) {
	for _, expr := range []string{"02:30 Europe/Berlin", "*:30 Australia/Lord_Howe", "Mon *-02-29", "*-02-30"} {
		c := mustParse(t, expr)
		at := time.Date(2026, time.March, 1, 0, 0, 0, 0, time.UTC)
		require.Zero(t, testing.AllocsPerRun(1000, func() {
			if at = c.Next(at); at.IsZero() {
				at = november
			}
		}), expr)
	}
}
