package schedule_test

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/heirloom-backup/heirloom/schedule"
)

// A nightly backup, and when it runs next.
func Example() {
	nightly, err := schedule.Parse("Mon..Fri 02:00 Europe/Berlin", nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	now := time.Date(2026, time.November, 20, 12, 0, 0, 0, time.UTC)
	fmt.Println(nightly.Next(now))
	// Output: 2026-11-23 02:00:00 +0100 CET
}

func ExampleParse() {
	for _, expr := range []string{"daily", "fri..mon 18:00", "*:0/15", "Mon *-05~07/1", "*/15"} {
		event, err := schedule.Parse(expr, time.UTC)
		if err != nil {
			fmt.Println(err)
			continue
		}
		fmt.Printf("%-15s is %s\n", expr, event)
	}
	// Output:
	// daily           is *-*-* 00:00:00
	// fri..mon 18:00  is Mon,Fri..Sun *-*-* 18:00:00
	// *:0/15          is *-*-* *:00/15:00
	// Mon *-05~07/1   is Mon *-05~07/1 00:00:00
	// */15            is *-*-* *:00/15:00
}

// What cannot be understood is pointed at.
func ExampleParseError() {
	_, err := schedule.Parse("Sun 24:00", nil)
	fmt.Println(err)

	var refused *schedule.ParseError
	if errors.As(err, &refused) {
		fmt.Printf("%s\n%*s\n", refused.Expr, refused.Offset+len(refused.Token), "^^")
	}
	// Output:
	// parse schedule "Sun 24:00": position 5, "24": hours run from 0 to 23; midnight is 00:00 of the day it begins
	// Sun 24:00
	//     ^^
}

func ExampleParseCron() {
	backup, err := schedule.ParseCron("30 2 1,15 * sun", nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	now := time.Date(2026, time.November, 14, 0, 0, 0, 0, time.UTC)
	for _, t := range schedule.NextN(backup, now, 3) {
		fmt.Println(t.Format("Mon 2006-01-02 15:04"))
	}
	// Output:
	// Sun 2026-11-15 02:30
	// Sun 2026-11-22 02:30
	// Sun 2026-11-29 02:30
}

// On the day on which 02:30 is skipped, the backup runs as soon as the clock has moved on.
func ExampleCalendar_Next() {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		fmt.Println(err)
		return
	}
	nightly, err := schedule.Parse("02:30", berlin)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, t := range schedule.NextN(nightly, time.Date(2026, time.March, 28, 0, 0, 0, 0, berlin), 3) {
		fmt.Println(t)
	}
	// Output:
	// 2026-03-28 02:30:00 +0100 CET
	// 2026-03-29 03:00:00 +0200 CEST
	// 2026-03-30 02:30:00 +0200 CEST
}

// A job should be refused when its schedule can never fire.
func ExampleCalendar_Never() {
	event, err := schedule.Parse("*-02-30 02:00", nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(event.Next(time.Now()).IsZero())
	fmt.Println(event.Never())
	// Output:
	// true
	// parse schedule "*-02-30 02:00": position 1, "*-02-30 02:00": no such date exists from 1970 to 2199: this never fires
}

func ExampleUpcoming() {
	leapDays, err := schedule.Parse("*-02-29", nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	for t := range schedule.Upcoming(leapDays, time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)) {
		if t.Year() > 2040 {
			break
		}
		fmt.Println(t.Format(time.DateOnly))
	}
	// Output:
	// 2028-02-29
	// 2032-02-29
	// 2036-02-29
	// 2040-02-29
}

func ExampleNextN() {
	hourly, err := schedule.Parse("hourly", nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, t := range schedule.NextN(hourly, time.Date(2026, 11, 22, 18, 30, 0, 0, time.UTC), 2) {
		fmt.Println(t.Format(time.RFC3339))
	}
	// Output:
	// 2026-11-22T19:00:00Z
	// 2026-11-22T20:00:00Z
}

func ExampleBetween() {
	sundays, err := schedule.Parse("Sun 03:00", nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	from := time.Date(2026, time.November, 1, 0, 0, 0, 0, time.UTC)
	fmt.Println(len(slices.Collect(schedule.Between(sundays, from, from.AddDate(0, 1, 0)))))
	// Output: 5
}

// Two backups that get in each other's way on Sundays.
func ExampleAnalyse() {
	var jobs []schedule.Job
	for _, expr := range []string{"02:00", "Sun 03:00", "12:00"} {
		event, err := schedule.Parse(expr, nil)
		if err != nil {
			fmt.Println(err)
			return
		}
		jobs = append(jobs, schedule.Job{Name: expr, Schedule: event, Duration: 90 * time.Minute})
	}
	from := time.Date(2026, time.November, 1, 0, 0, 0, 0, time.UTC)
	a := schedule.Analyse(jobs, from, from.AddDate(0, 0, 28))

	for _, c := range a.Collisions {
		fmt.Printf("%s and %s: %d times, first %s, for up to %s\n",
			jobs[c.A].Name, jobs[c.B].Name, c.Count, c.First.Format(time.DateTime), c.Longest)
	}
	fmt.Println("most room:", a.Gaps[0].From.Format(time.DateTime), "for", a.Gaps[0].Duration())
	// Output:
	// 02:00 and Sun 03:00: 4 times, first 2026-11-01 03:00:00, for up to 30m0s
	// most room: 2026-11-01 13:30:00 for 12h30m0s
}

func ExampleByHourOfDay() {
	event, err := schedule.Parse("2,14:30", nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	from := time.Date(2026, time.November, 1, 0, 0, 0, 0, time.UTC)
	jobs := []schedule.Job{{Name: "db", Schedule: event, Duration: time.Hour}}
	for hour, load := range schedule.ByHourOfDay(schedule.Analyse(jobs, from, from.AddDate(0, 0, 10)).Load, time.UTC) {
		if load.Busy > 0 {
			fmt.Printf("%02d:00  %2d starts, busy for %s\n", hour, load.Starts, load.Busy)
		}
	}
	// Output:
	// 02:00  10 starts, busy for 5h0m0s
	// 03:00   0 starts, busy for 5h0m0s
	// 14:00  10 starts, busy for 5h0m0s
	// 15:00   0 starts, busy for 5h0m0s
}

func ExampleRuns() {
	event, err := schedule.Parse("hourly", nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	noon := time.Date(2026, time.November, 1, 12, 0, 0, 0, time.UTC)
	jobs := []schedule.Job{{Name: "logs", Schedule: event, Duration: 10 * time.Minute}}
	for run := range schedule.Runs(jobs, noon.Add(5*time.Minute), noon.Add(2*time.Hour)) {
		fmt.Println(jobs[run.Job].Name, run.Start.Format(time.TimeOnly), "to", run.End.Format(time.TimeOnly))
	}
	// Output:
	// logs 12:00:00 to 12:10:00
	// logs 13:00:00 to 13:10:00
}
