package main

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/heirloom-backup/heirloom/retention"
	"github.com/heirloom-backup/heirloom/schedule"
)

// maxForecastDays bounds what a person can mean: beyond a century no policy reaches.
const maxForecastDays = 36_600

func (p *program) retentionForecastCommand() *cobra.Command {
	var f policyFlags
	var s scheduleFlags
	var expression string
	var n int
	cmd := &cobra.Command{
		Use:     "forecast --keep POLICY --schedule EXPRESSION --days D [flags]",
		Short:   "Show what will exist when a schedule and a policy have run for some days",
		Example: `  heirloom retention forecast --keep "keep-daily=7, keep-weekly=4" --schedule "02:00" --days 90`,
		Args:    wants(0, 0),
	}
	f.add(cmd)
	cmd.Flags().StringVar(&expression, "schedule", "", "`EXPRESSION` that says when backups run")
	cmd.Flags().BoolVar(&s.cron, "cron", false, "the expression is cron's five fields")
	cmd.Flags().StringVar(&s.from, "from", "", "`TIME` to start at, RFC 3339; default: now")
	cmd.Flags().IntVar(&n, "days", 0, "how many days `D` to look ahead")
	cmd.RunE = p.action(func(context.Context, []string) error {
		policy, _, err := f.resolve(cmd)
		if err != nil {
			return err
		}
		s.zone = f.zone
		return p.forecast(policy, s, expression, n)
	})
	return cmd
}

func (p *program) forecast(policy retention.Policy, f scheduleFlags, expression string, n int) error {
	if expression == "" || n < 1 || n > maxForecastDays {
		return wrongUsage("--schedule and --days (1 to %d) are needed", maxForecastDays)
	}
	if err := f.resolve(p.Now()); err != nil {
		return err
	}
	s, err := f.parse(expression)
	if err != nil {
		return err
	}
	// As many calendar days as asked for, whatever their hours.
	end := f.start.In(f.location).AddDate(0, 0, n)
	line, err := retention.Forecast(policy, schedule.Between(s, f.start, end), retention.ForecastOptions{Zone: f.location})
	if err != nil {
		return err
	}
	if p.json {
		return writeJSON(p.Stdout, newForecastJSON(line, f.start, end))
	}
	return p.printForecast(line)
}

// forecastJSON is what scripts learn of a forecast.
type forecastJSON struct {
	From      string     `json:"from"`
	To        string     `json:"to"`
	Peak      int        `json:"peak"`      // most snapshots at once
	PeakTime  *string    `json:"peak_time"` // null if there never are any
	Exists    []string   `json:"exists"`    // times of the snapshots there at the end, oldest first
	Snapshots []lifeJSON `json:"snapshots"` // all there ever were, oldest first
}

type lifeJSON struct {
	Time   string         `json:"time"`
	Gone   *string        `json:"gone"`   // when it goes; null if it is there at the end
	Reason retention.Rule `json:"reason"` // what keeps it until then
}

func newForecastJSON(line *retention.Timeline, from, to time.Time) forecastJSON {
	j := forecastJSON{From: *timeJSON(from), To: *timeJSON(to), Peak: line.Peak, PeakTime: timeJSON(line.PeakTime),
		Exists: []string{}, Snapshots: make([]lifeJSON, len(line.Lives))}
	for i, l := range line.Lives {
		j.Snapshots[i] = lifeJSON{*timeJSON(l.Time), timeJSON(l.Gone), l.Stayed.Rule}
		if l.Gone.IsZero() {
			j.Exists = append(j.Exists, *timeJSON(l.Time))
		}
	}
	return j
}

// timeJSON writes a time that came from an expression, as precise as it is; nil for none.
func timeJSON(t time.Time) *string {
	if t.IsZero() {
		return nil
	}
	return new(t.UTC().Format(time.RFC3339Nano))
}

func (p *program) printForecast(line *retention.Timeline) error {
	if err := line.WriteTable(p.Stdout); err != nil {
		return err
	}
	fmt.Fprintln(p.Stdout)
	return line.WriteCalendar(p.Stdout)
}
