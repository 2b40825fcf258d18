package schedule

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestAnalyseCollisions(t *testing.T) {
	jobs := []Job{
		{Name: "web", Schedule: mustParse(t, "02:00"), Duration: 45 * time.Minute},
		{Name: "db", Schedule: mustParse(t, "02:30"), Duration: time.Hour},
		{Name: "mail", Schedule: mustParse(t, "Sun 03:30"), Duration: 2 * time.Hour},
	}
	a := Analyse(jobs, november, november.AddDate(0, 0, 14)) // from a Sunday
	require.Equal(t, 30, a.Runs)
	require.Equal(t, []Collision{
		{A: 0, B: 1, Count: 14, First: november.Add(150 * time.Minute), Longest: 15 * time.Minute},
	}, a.Collisions, "mail starts when db ends: that is no collision")
}

func TestAnalyseCollisionKinds(t *testing.T) {
	hourly, daily := mustParse(t, "hourly"), mustParse(t, "daily")
	span := func(jobs ...Job) []Collision { return Analyse(jobs, november, november.AddDate(0, 0, 1)).Collisions }

	require.Empty(t, span(Job{Schedule: hourly, Duration: time.Hour}), "ends when the next begins")
	together := span(Job{Schedule: hourly}, Job{Schedule: daily})
	require.Equal(t, []Collision{{Count: 1, A: 0, B: 1, First: november}}, together,
		"without durations only what starts together collides")
	overrun := span(Job{Schedule: hourly, Duration: 90 * time.Minute})
	require.Equal(t, []Collision{{Count: 24, First: november, Longest: 30 * time.Minute}}, overrun,
		"a run that began the day before is still going on at midnight")
	require.Empty(t, span(Job{Schedule: mustParse(t, "*-02-30")}))
	require.Empty(t, span(Job{Schedule: hourly, Duration: -time.Hour}))
}

func TestAnalyseLoad(t *testing.T) {
	jobs := []Job{
		{Schedule: mustParse(t, "02:30"), Duration: time.Hour},
		{Schedule: mustParse(t, "03:00"), Duration: 2 * time.Hour},
		{Schedule: mustParse(t, "23:30"), Duration: time.Hour}, // of the day before, too
	}
	a := Analyse(jobs, november, november.AddDate(0, 0, 1))
	require.Len(t, a.Load, 24)
	hour := func(n, starts int, busy time.Duration, peak int) {
		t.Helper()
		require.Equal(t, Hour{november.Add(time.Duration(n) * time.Hour), starts, busy, peak}, a.Load[n])
	}
	hour(0, 0, 30*time.Minute, 1)
	hour(1, 0, 0, 0)
	hour(2, 1, 30*time.Minute, 1)
	hour(3, 1, 90*time.Minute, 2)
	hour(4, 0, time.Hour, 1)
	hour(5, 0, 0, 0)
	hour(23, 1, 30*time.Minute, 1)

	week := ByHourOfDay(Analyse(jobs, november, november.AddDate(0, 0, 7)).Load, time.UTC)
	require.Equal(t, Hour{Starts: 7, Busy: 7 * 90 * time.Minute, Peak: 2}, week[3])
}

func TestAnalyseGaps(t *testing.T) {
	jobs := []Job{
		{Schedule: mustParse(t, "02:00"), Duration: time.Hour},
		{Schedule: mustParse(t, "12:00"), Duration: time.Hour},
	}
	a := Analyse(jobs, november, november.AddDate(0, 0, 1))
	at := func(from, to int) Gap {
		return Gap{november.Add(time.Duration(from) * time.Hour), november.Add(time.Duration(to) * time.Hour)}
	}
	require.Equal(t, []Gap{at(13, 24), at(3, 12), at(0, 2)}, a.Gaps)
	require.Equal(t, 11*time.Hour, a.Gaps[0].Duration())
	require.Len(t, Analyse([]Job{{Schedule: mustParse(t, "minutely")}}, november, november.AddDate(0, 0, 1)).Gaps, 100)
}

func TestAnalyseIsBounded(t *testing.T) {
	forever := time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)
	a := Analyse([]Job{{Schedule: mustParse(t, "*:*:*")}}, november, forever)
	require.Equal(t, MaxRuns, a.Runs)
	require.Equal(t, november.Add(MaxRuns*time.Second), a.To)
	require.Len(t, a.Load, MaxRuns/3600+1)

	century := 100 * 365 * 24 * time.Hour
	a = Analyse([]Job{{Schedule: mustParse(t, "*:*:*"), Duration: century}}, november, november.AddDate(1, 0, 0))
	require.Zero(t, a.Runs)
	require.Equal(t, november, a.To, "used up by what began before")

	empty := Analyse([]Job{{Schedule: mustParse(t, "hourly"), Duration: 3 * time.Hour}}, november, november)
	require.Equal(t, Analysis{From: november, To: november}, empty)
}

func TestRuns(t *testing.T) {
	jobs := []Job{
		{Schedule: mustParse(t, "00:00"), Duration: time.Hour},
		{Schedule: mustParse(t, "0,12:00")},
		{Schedule: mustParse(t, "23:00"), Duration: time.Hour}, // ends when the span begins
		{Schedule: mustParse(t, "23:00"), Duration: 2 * time.Hour},
	}
	var got []int
	for run := range Runs(jobs, november, november.Add(20*time.Hour)) {
		require.Equal(t, run.Start.Add(jobs[run.Job].Duration), run.End)
		got = append(got, run.Job)
	}
	require.Equal(t, []int{3, 0, 1, 1}, got)
}

// TestAnalyseAddsUp draws jobs and checks the analysis against counting minute by minute.
func TestAnalyseAddsUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var jobs []Job
		for range rapid.IntRange(1, 4).Draw(t, "jobs") {
			expr := join(drawValues(t, "hours", 24)) + ":" + join(drawValues(t, "minutes", 60))
			c, err := Parse(expr, nil)
			require.NoError(t, err)
			minutes := rapid.IntRange(0, 300).Draw(t, "duration")
			jobs = append(jobs, Job{Schedule: c, Duration: time.Duration(minutes) * time.Minute})
		}
		to := november.Add(48 * time.Hour)
		a := Analyse(jobs, november, to)

		runs := slices.Collect(Runs(jobs, november, to))
		require.True(t, slices.IsSortedFunc(runs, func(a, b Run) int { return a.Start.Compare(b.Start) }))
		for i := range a.Load {
			require.Equal(t, countMinutes(runs, len(jobs), a.Load[i].Start), a.Load[i])
		}
		for i, gap := range a.Gaps {
			require.True(t, i == 0 || gap.Duration() <= a.Gaps[i-1].Duration())
			for _, run := range runs {
				starts := run.Start.After(gap.From) && run.Start.Before(gap.To)
				goesOn := !run.Start.After(gap.From) && run.End.After(gap.From)
				require.False(t, starts || goesOn, "%v in the gap %v", run, gap)
			}
		}
	})
}

// countMinutes is the load of one hour, counted minute by minute.
func countMinutes(runs []Run, jobs int, start time.Time) Hour {
	h := Hour{Start: start}
	for at := start; at.Before(start.Add(time.Hour)); at = at.Add(time.Minute) {
		running, present := make([]bool, jobs), make([]bool, jobs)
		for _, run := range runs {
			goesOn := !run.Start.After(at) && run.End.After(at)
			running[run.Job] = running[run.Job] || goesOn
			present[run.Job] = present[run.Job] || goesOn || run.Start.Equal(at)
			if run.Start.Equal(at) {
				h.Starts++
			}
		}
		for job := range jobs {
			if running[job] {
				h.Busy += time.Minute
			}
		}
		h.Peak = max(h.Peak, count(present))
	}
	return h
}

func count(set []bool) (n int) {
	for _, in := range set {
		if in {
			n++
		}
	}
	return n
}
