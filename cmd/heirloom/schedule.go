package main

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/heirloom-backup/heirloom/schedule"
)

func (p *program) scheduleCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "schedule",
		Short: "Try out calendar expressions",
		Args:  cobra.ArbitraryArgs,
		RunE:  chooser,
	}
	cmd.AddCommand(p.scheduleNextCommand(), p.scheduleCheckCommand())
	return cmd
}

// scheduleFlags say how an expression is read and from when on it counts.
type scheduleFlags struct {
	cron     bool
	zone     string
	from     string
	location *time.Location // what resolve made of zone
	start    time.Time      // and of from
}

func (f *scheduleFlags) add(cmd *cobra.Command) {
	cmd.Flags().BoolVar(&f.cron, "cron", false, "expressions are cron's five fields")
	cmd.Flags().StringVar(&f.zone, "tz", "UTC", "`ZONE` of an expression that names none")
	cmd.Flags().StringVar(&f.from, "from", "", "`TIME` to start at, RFC 3339; default: now")
}

// resolve reads the flags' texts; whatever is wrong is wrong usage.
func (f *scheduleFlags) resolve(now time.Time) (err error) {
	if f.location, err = loadZone(f.zone); err != nil {
		return err
	}
	f.start = now
	if f.from == "" {
		return nil
	}
	if f.start, err = time.Parse(time.RFC3339Nano, f.from); err != nil {
		return wrongUsage("--from %q is no time of the form 2026-11-22T02:00:00Z", f.from)
	}
	return nil
}

func loadZone(name string) (*time.Location, error) {
	zone, err := time.LoadLocation(name)
	if err != nil {
		return nil, wrongUsage("--tz %q is no time zone like Europe/Berlin or UTC", name)
	}
	return zone, nil
}

func (f *scheduleFlags) parse(expression string) (schedule.Schedule, error) {
	parse := func(e string, l *time.Location) (schedule.Schedule, error) { return schedule.Parse(e, l) }
	if f.cron {
		parse = func(e string, l *time.Location) (schedule.Schedule, error) { return schedule.ParseCron(e, l) }
	}
	s, err := parse(expression, f.location)
	if err != nil {
		return nil, &usageError{err}
	}
	return s, nil
}

func (p *program) scheduleNextCommand() *cobra.Command {
	var f scheduleFlags
	var n int
	cmd := &cobra.Command{
		Use:   "next [--cron] [--tz ZONE] [--from TIME] [-n N] EXPRESSION",
		Short: "Print when an expression fires next, in UTC; never if it does not",
		Example: `  heirloom schedule next -n 3 --tz Europe/Berlin "Mon..Fri 18:00"
  heirloom schedule next --cron "0 2 * * *"`,
		Args: wants(1, 1),
		RunE: p.action(func(_ context.Context, args []string) error { return p.scheduleNext(f, n, args[0]) }),
	}
	f.add(cmd)
	cmd.Flags().IntVarP(&n, "number", "n", 1, "how many `N` times to print")
	return cmd
}

func (p *program) scheduleNext(f scheduleFlags, n int, expression string) error {
	if n < 1 {
		return wrongUsage("-n %d is not at least 1", n)
	}
	if err := f.resolve(p.Now()); err != nil {
		return err
	}
	s, err := f.parse(expression)
	if err != nil {
		return err
	}
	if p.json {
		return p.timesJSON(s, f.start, n)
	}
	printed := 0
	for t := range schedule.Upcoming(s, f.start) {
		if _, err := fmt.Fprintln(p.Stdout, t.UTC().Format(time.RFC3339Nano)); err != nil {
			return err
		}
		if printed++; printed == n {
			return nil
		}
	}
	if printed == 0 {
		_, err = fmt.Fprintln(p.Stdout, "never")
	}
	return err
}

func (p *program) timesJSON(s schedule.Schedule, start time.Time, n int) error {
	list := []string{}
	for _, t := range schedule.NextN(s, start, n) {
		list = append(list, t.UTC().Format(time.RFC3339Nano))
	}
	return writeJSON(p.Stdout, list)
}
