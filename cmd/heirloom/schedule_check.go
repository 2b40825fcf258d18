package main

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/heirloom-backup/heirloom/schedule"
)

func (p *program) scheduleCheckCommand() *cobra.Command {
	var f scheduleFlags
	var n int
	var duration time.Duration
	cmd := &cobra.Command{
		Use:     "check [flags] EXPRESSION...",
		Short:   "Show where several schedules collide, and when nothing runs",
		Example: `  heirloom schedule check --duration 30m --days 14 "02:00" "Sun 02:15" "hourly"`,
		Args:    wants(1, -1),
		RunE:    p.action(func(_ context.Context, args []string) error { return p.scheduleCheck(f, n, duration, args) }),
	}
	f.add(cmd)
	cmd.Flags().IntVar(&n, "days", 7, "how many days `D` to look at")
	cmd.Flags().DurationVar(&duration, "duration", 0, "how long a run takes, such as `30m`; 0: only equal times collide")
	return cmd
}

func (p *program) scheduleCheck(f scheduleFlags, n int, duration time.Duration, expressions []string) error {
	if n < 1 || n > maxForecastDays || duration < 0 {
		return wrongUsage("--days %d is not between 1 and %d, or --duration %s is negative", n, maxForecastDays, duration)
	}
	if err := f.resolve(p.Now()); err != nil {
		return err
	}
	jobs := make([]schedule.Job, len(expressions))
	for i, expression := range expressions {
		s, err := f.parse(expression)
		if err != nil {
			return err
		}
		jobs[i] = schedule.Job{Name: expression, Schedule: s, Duration: duration}
	}
	a := schedule.Analyse(jobs, f.start, f.start.In(f.location).AddDate(0, 0, n))
	if p.json {
		return writeJSON(p.Stdout, newCheckJSON(jobs, a))
	}
	return p.printCheck(jobs, a, f.location)
}

// checkJSON is what scripts learn of schedules side by side.
type checkJSON struct {
	From       stamp           `json:"from"`
	To         stamp           `json:"to"`
	Runs       int             `json:"runs"`
	Collisions []collisionJSON `json:"collisions"`
	Gaps       []gapJSON       `json:"gaps"` // longest first
}

type collisionJSON struct {
	A              string  `json:"a"`
	B              string  `json:"b"`
	Count          int     `json:"count"`
	First          stamp   `json:"first"`
	LongestSeconds float64 `json:"longest_seconds"`
}

type gapJSON struct {
	From    stamp   `json:"from"`
	To      stamp   `json:"to"`
	Seconds float64 `json:"seconds"`
}

func newCheckJSON(jobs []schedule.Job, a schedule.Analysis) checkJSON {
	j := checkJSON{From: stamp(a.From), To: stamp(a.To), Runs: a.Runs, Collisions: []collisionJSON{}, Gaps: []gapJSON{}}
	for _, c := range a.Collisions {
		j.Collisions = append(j.Collisions,
			collisionJSON{jobs[c.A].Name, jobs[c.B].Name, c.Count, stamp(c.First), c.Longest.Seconds()})
	}
	for _, g := range a.Gaps {
		j.Gaps = append(j.Gaps, gapJSON{stamp(g.From), stamp(g.To), g.Duration().Seconds()})
	}
	return j
}

const shownGaps = 10 // more would hide the collisions above them

func (p *program) printCheck(jobs []schedule.Job, a schedule.Analysis, zone *time.Location) error {
	format := func(t time.Time) string { return t.In(zone).Format("Mon 2006-01-02 15:04:05 MST") }
	fmt.Fprintf(p.Stdout, "%s to %s: %s, %s\n\n", format(a.From), format(a.To),
		count(int64(a.Runs), "run", "runs"), count(int64(len(a.Collisions)), "colliding pair", "colliding pairs"))
	w := p.table("COLLISION\tWITH\tTIMES\tFIRST\tLONGEST")
	for _, c := range a.Collisions {
		fmt.Fprintf(w, "%s\t%s\t%d\t%s\t%s\n", jobs[c.A].Name, jobs[c.B].Name, c.Count, format(c.First), c.Longest)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	w = p.table("\nNOTHING RUNS FROM\tTO\tFOR")
	for _, g := range a.Gaps[:min(len(a.Gaps), shownGaps)] {
		fmt.Fprintf(w, "%s\t%s\t%s\n", format(g.From), format(g.To), took(g.Duration()))
	}
	return w.Flush()
}
