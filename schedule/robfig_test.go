package schedule

import (
	"flag"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/robfig/cron/v3"
	"github.com/stretchr/testify/require"
)

var robfigExpressions = flag.Int("robfig.expressions", 5000, "how many expressions to compare with robfig/cron")

// TestRobfig compares cron expressions with the parser whose dialect this is: what is accepted, and when it fires.
// Left out are times near a change of the clock, what lies more than five years ahead, where it stops looking, and
// zones that change by half an hour or at midnight: when its search for a far date walks across such a change, it
// goes on at half past and misses runs long after it (Australia/Lord_Howe in 1981: "3 5,7 * 6 4" at 07:03 first).
func TestRobfig(t *testing.T) {
	g := newGenerator(2)
	zones := []string{"UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Europe/Dublin"}
	var refused, times, tooFar, atChange int
	for range *robfigExpressions {
		expr := g.cron()
		zone, err := time.LoadLocation(zones[g.IntN(len(zones))])
		require.NoError(t, err)
		theirs, theirError := cron.ParseStandard("CRON_TZ=" + zone.String() + " " + expr)
		ours, ourError := ParseCron(expr, zone)
		require.Equal(t, theirError == nil, ourError == nil, "%q: robfig/cron %v, here %v", expr, theirError, ourError)
		if ourError != nil {
			refused++
			continue
		}
		at := time.Unix(g.Int64N(7_000_000_000), 0).In(zone)
		for range 5 {
			want, got := theirs.Next(at), ours.Next(at)
			if want.IsZero() && (got.IsZero() || got.After(at.AddDate(5, 0, 0))) {
				tooFar++
				break
			}
			if nearChange(got) || nearChange(want) {
				atChange++
				break
			}
			require.True(t, want.Equal(got), "%q (%s) in %s after %v: robfig/cron %v, here %v", expr, ours, zone, at, want, got)
			times++
			at = got
		}
	}
	t.Logf("%d expressions compared with robfig/cron, %d times; %d refused by both, %d beyond five years, %d at a change",
		*robfigExpressions, times, refused, tooFar, atChange)
	require.Positive(t, times)
}

// cron returns a cron expression, sometimes with a value that is out of range.
func (g *generator) cron() string {
	if g.chance(40) {
		return g.oneOf("@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly", "@every 90m",
			"@every 1h30m10s", "@reboot", "@Daily", "@every x")
	}
	fields := []string{
		g.cronField(0, 59, nil), g.cronField(0, 23, nil), g.cronField(1, 31, nil),
		g.cronField(1, 12, cronFields[3].names), g.cronField(0, 6, cronFields[4].names),
	}
	if g.chance(50) {
		fields = fields[:4]
	}
	return strings.Join(fields, g.oneOf(" ", "  ", "\t"))
}

func (g *generator) cronField(low, high int, names []string) string {
	if g.chance(3) {
		return g.oneOf("*", "*", "?", "*/1", fmt.Sprint("*/", 1+g.IntN(high)))
	}
	var items []string
	for range 1 + g.IntN(5)/2 {
		a := low + g.IntN(high-low+1)
		b := a + g.IntN(high-a+1)
		items = append(items, g.oneOf(
			g.cronValue(a, low, names), g.cronValue(a, low, names), g.cronValue(a, low, names)+"-"+g.cronValue(b, low, names),
			fmt.Sprintf("%d/%d", a, 1+g.IntN(high+5)), fmt.Sprintf("%d-%d/%d", a, b, 1+g.IntN(high+5))))
	}
	if g.chance(60) {
		items = append(items, g.oneOf(fmt.Sprint(high+1), "*/0", "5-2", "1-2-3", "1/2/3", "x", "7"))
	}
	return strings.Join(items, ",")
}

func (g *generator) cronValue(n, low int, names []string) string {
	if names != nil && g.chance(2) {
		return g.caseOf(names[n-low])
	}
	return fmt.Sprint(n)
}
