package schedule

import (
	"flag"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

var (
	systemdExpressions = flag.Int("systemd.expressions", 2000, "how many expressions to compare with systemd-analyze")
	systemdSeed        = flag.Uint64("systemd.seed", 1, "seed of the expressions to compare")
)

// question is one expression asked of both sides.
type question struct {
	expr     string
	extended bool // beyond systemd's grammar: systemd is asked about the canonical form instead
	calendar *Calendar
	refused  error
}

// forSystemd is the expression as systemd can read it.
func (q question) forSystemd() string {
	if q.extended && q.calendar != nil {
		return q.calendar.String()
	}
	return q.expr
}

// hasEndList reports whether the days are a list that counts from the end of the month.
func (q question) hasEndList() bool {
	if q.calendar == nil {
		return false
	}
	_, day, fromEnd := strings.Cut(q.calendar.String(), "~")
	return fromEnd && strings.Contains(strings.Fields(day)[0], ",")
}

// systemdTally counts what came of the questions; TestSystemd says what the kinds are.
type systemdTally struct {
	expressions, times, refused, extended, endLists, overshot, nearChange, gaveUp int
}

// TestSystemd asks systemd-analyze the same things: which expressions are accepted, what their canonical form is and
// when they fire, from random moments of the years 1970 to 2199, in UTC and in zones. One systemd process answers for a
// whole batch. Some answers are counted apart:
//
//   - lists of days from the end of the month, such as *-*~27,1: systemd allows 28 days from the end, but lowers that
//     by three with each further entry of a list, which its manual does not say and which has no use;
//   - steps without an end, such as *-*-01/11: systemd steps beyond the end of the year, month or day and can so miss
//     times at the start of the next one (its issues 22665 and 40260, mended step by step). When the answers differ,
//     it is asked again with the end written out, *-*-01..23/11, and then must agree;
//   - near a change of the clock, where systemd drops a run that falls into the gap (it goes on with the next one
//     that exists) and this package has a rule of its own;
//   - where systemd gives up its search after 1000 steps, and says so: when it gets caught at a change of the clock.
func TestSystemd(t *testing.T) {
	if _, err := exec.LookPath("systemd-analyze"); err != nil {
		if os.Getenv("HEIRLOOM_TEST_NO_SKIP") == "1" {
			t.Fatal("systemd-analyze is missing (Debian: apt-get install systemd), and nothing may be skipped")
		}
		t.Skip("systemd-analyze is missing (Debian: apt-get install systemd): calendar events are not compared with it")
	}
	zones := []string{"UTC", "UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe",
		"America/Sao_Paulo", "Europe/Dublin"}
	const batch = 200
	g := newGenerator(*systemdSeed)
	var tally systemdTally
	for n := 0; n < *systemdExpressions; n += batch {
		zone, err := time.LoadLocation(zones[n/batch%len(zones)])
		require.NoError(t, err)
		base := time.Unix(g.Int64N(time.Date(maxYear, 12, 31, 0, 0, 0, 0, time.UTC).Unix()), 0)
		if g.chance(2) { // often enough near the present
			base = time.Unix(1_500_000_000+g.Int64N(500_000_000), 0)
		}
		questions := make([]question, min(batch, *systemdExpressions-n))
		for i := range questions {
			q := &questions[i]
			q.expr, q.extended = g.expression()
			q.calendar, q.refused = Parse(q.expr, zone)
		}
		answers := askSystemd(t, questions, zone, base)
		for i, q := range questions {
			tally.compare(t, q, answers[i], base)
		}
	}
	t.Logf("compared with systemd: %+v", tally)
	require.Positive(t, tally.times)
}

func (tally *systemdTally) compare(t *testing.T, q question, answer systemdAnswer, base time.Time) {
	t.Helper()
	tally.expressions++
	if !answer.accepted && q.hasEndList() {
		tally.endLists++
		return
	}
	require.Equal(t, answer.accepted, q.refused == nil, "accepted by systemd, and here: %q: %v", q.expr, q.refused)
	if q.extended {
		tally.extended++
	}
	if q.refused != nil {
		tally.refused++
		return
	}
	if answer.gaveUp {
		tally.gaveUp++
		return
	}
	require.Equal(t, answer.canonical, q.calendar.String(), "canonical form of %q", q.expr)
	if closed := withEnds(q.calendar.String()); closed != q.calendar.String() && !sameTimes(q, answer, base) {
		tally.overshot++
		answer = askSystemd(t, []question{{expr: closed}}, q.calendar.Location(), base)[0]
	}
	require.True(t, sameTimes(q, answer, base), "%q (%s) in %s, after %v: systemd says %v, not %v",
		q.expr, q.calendar, q.calendar.Location(), base, answer.times, NextN(q.calendar, base, systemdIterations))
	tally.countTimes(t, q, answer, base)
}

// sameTimes compares up to the first time that lies near a change of the clock.
func sameTimes(q question, answer systemdAnswer, base time.Time) bool {
	at := base
	for _, want := range answer.times {
		at = q.calendar.Next(at)
		if nearChange(at) || nearChange(want.In(q.calendar.Location())) {
			return true
		}
		if !want.Equal(at.Truncate(time.Second)) {
			return false
		}
	}
	return true
}

func (tally *systemdTally) countTimes(t *testing.T, q question, answer systemdAnswer, base time.Time) {
	at := base
	for range answer.times {
		if at = q.calendar.Next(at); nearChange(at) {
			tally.nearChange++
			return
		}
		tally.times++
	}
	if answer.never {
		next := q.calendar.Next(at)
		require.True(t, next.IsZero() || nearChange(next), "%q after %v: systemd says never, not %v", q.expr, at, next)
	}
}

// nearChange reports whether the zone of t changes its clock within two days.
func nearChange(t time.Time) bool {
	_, before := t.AddDate(0, 0, -2).Zone()
	_, after := t.AddDate(0, 0, 2).Zone()
	return before != after
}
