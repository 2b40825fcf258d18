// Retention-planner answers, before a single backup is made, what a schedule and a retention policy lead to: how many
// snapshots there will be, which ones are left at the end, and how far back they reach.
//
// It is a whole tool built from two packages that import nothing but the standard library:
//
//	go run ./examples/retention-planner -schedule "02:00" -keep "keep-daily=7, keep-weekly=4" -days 90
package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/heirloom-backup/heirloom/retention"
	"github.com/heirloom-backup/heirloom/schedule"
)

func main() {
	calendar := flag.String("schedule", "02:00", "calendar `event` of the backups")
	keep := flag.String("keep", "keep-daily=7, keep-weekly=4, keep-monthly=12", "retention `policy`")
	zone := flag.String("tz", "UTC", "time `zone` of both")
	days := flag.Int("days", 365, "how many days to look ahead")
	flag.Parse()

	today := time.Now().UTC().Truncate(24 * time.Hour)
	if err := plan(os.Stdout, *calendar, *keep, *zone, today, *days); err != nil {
		fmt.Fprintln(os.Stderr, "retention-planner:", err)
		os.Exit(1)
	}
}

// plan writes what the backups of the days to come leave behind.
func plan(w io.Writer, calendar, keep, zoneName string, from time.Time, days int) error {
	zone, err := time.LoadLocation(zoneName)
	if err != nil {
		return err
	}
	event, err := schedule.Parse(calendar, zone)
	if err != nil {
		return err
	}
	policy, err := retention.Parse(keep)
	if err != nil {
		return err
	}
	backups := schedule.Between(event, from, from.AddDate(0, 0, days))
	forecast, err := retention.Forecast(policy, backups, retention.ForecastOptions{Zone: zone})
	if err != nil {
		return err
	}
	return report(w, forecast)
}

func report(w io.Writer, forecast *retention.Timeline) error {
	kept := forecast.Final
	if len(kept) == 0 {
		_, err := fmt.Fprintln(w, "no backup falls into that time")
		return err
	}
	newest, oldest := kept[0], kept[len(kept)-1]
	fmt.Fprintf(w, "%d backups are made, %d are left, at most %d exist at once\n",
		len(forecast.Lives), len(kept), forecast.Peak)
	fmt.Fprintf(w, "they reach back %.0f days, to %s (%s)\n\n",
		newest.Time.Sub(oldest.Time).Hours()/24, oldest.Time.Format(time.DateOnly), oldest.Why())
	return forecast.WriteCalendar(w)
}
