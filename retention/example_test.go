package retention_test

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"time"

	"github.com/heirloom-backup/heirloom/retention"
)

// week is a backup at 02:00 on each of seven nights, Friday 20 to Thursday 26 November 2026.
func week() []retention.Snapshot {
	var snapshots []retention.Snapshot
	for day := 20; day <= 26; day++ {
		snapshots = append(snapshots, retention.Snapshot{Time: time.Date(2026, 11, day, 2, 0, 0, 0, time.UTC)})
	}
	return snapshots
}

// A policy in words, a list of snapshots, and a reason for each.
func Example() {
	policy, err := retention.Parse("keep-daily=3, keep-weekly=2")
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, d := range retention.Plan(policy, week(), time.UTC) {
		fmt.Printf("%s  keep=%-5v  %s\n", d.Time.Format("Mon 2006-01-02"), d.Keep, d.Why())
	}
	// Output:
	// Thu 2026-11-26  keep=true   keep-daily #1
	// Wed 2026-11-25  keep=true   keep-daily #2
	// Tue 2026-11-24  keep=true   keep-daily #3
	// Mon 2026-11-23  keep=false  same week as keep-daily #1
	// Sun 2026-11-22  keep=true   keep-weekly #1
	// Sat 2026-11-21  keep=false  same week as keep-weekly #1
	// Fri 2026-11-20  keep=false  same week as keep-weekly #1
}

func ExampleParse() {
	policy, err := retention.Parse("keep-weekly=4, keep-daily=7")
	fmt.Println(policy, err)
	fmt.Println(policy.Daily, policy.Weekly, policy.Monthly)
	// Output:
	// keep-daily=7, keep-weekly=4 <nil>
	// 7 4 0
}

// A refusal names the place, so that a form can point at it.
func ExampleParseError() {
	text := "keep-daily=7, keep-dayly=4"
	_, err := retention.Parse(text)

	var refused *retention.ParseError
	if errors.As(err, &refused) {
		fmt.Println(text)
		fmt.Printf("%*s\n", refused.Offset+1, "^")
	}
	_, err = retention.Parse("keep-daily=-7")
	fmt.Println(err)
	// Output:
	// keep-daily=7, keep-dayly=4
	//               ^
	// parse retention policy "keep-daily=-7": position 12, "-7": negative: a count is 0 or more
}

// Before anything is deleted: a policy without windows is a forgotten setting more often than a decision.
func ExamplePolicy_KeepsEverything() {
	for _, text := range []string{"", "keep-last=0", "keep-yearly=1"} {
		policy, _ := retention.Parse(text)
		fmt.Printf("%q %v\n", text, policy.KeepsEverything())
	}
	// Output:
	// "" true
	// "keep-last=0" true
	// "keep-yearly=1" false
}

// Chained windows hand over to each other; independent ones overlap and reach less far with the same counts.
func ExamplePlan_independent() {
	policy := retention.Policy{Daily: 3, Weekly: 2, Independent: true}
	for d := range retention.Plan(policy, week(), time.UTC).Kept() {
		fmt.Println(d.Time.Format("Mon 2006-01-02"), d.Why())
	}
	// Output:
	// Thu 2026-11-26 keep-daily #1, keep-weekly #1
	// Wed 2026-11-25 keep-daily #2
	// Tue 2026-11-24 keep-daily #3
	// Sun 2026-11-22 keep-weekly #2
}

// Brakes are reasons like any other. Here last night's backup did not verify, the one before shrank to nothing, and
// the oldest is evidence.
func ExamplePlan_brakes() {
	snapshots := week()
	snapshots[6].Damaged = true
	snapshots[5].Suspect = true
	snapshots[0].Hold = "audit of 2026"

	plan := retention.Plan(retention.Policy{Last: 1}, snapshots, time.UTC)
	for d := range plan.Kept() {
		fmt.Println(d.Time.Format("Mon 2006-01-02"), d.Why())
	}
	// Output:
	// Thu 2026-11-26 keep-last #1
	// Wed 2026-11-25 suspect
	// Tue 2026-11-24 last-good
	// Fri 2026-11-20 held: audit of 2026
}

func ExampleSnapshot_Good() {
	fmt.Println(retention.Snapshot{}.Good(), retention.Snapshot{Damaged: true}.Good())
	// Output: true false
}

func ExampleDecisions_Removed() {
	plan := retention.Plan(retention.Policy{Weekly: 2}, week(), time.UTC)
	for d := range plan.Removed() {
		fmt.Println("delete", d.Time.Format(time.DateOnly), "-", d.Removal)
		break // one will do
	}
	kept, removed := plan.Counts()
	fmt.Println(kept, "stay,", removed, "go")
	// Output:
	// delete 2026-11-25 - same week as keep-weekly #1
	// 2 stay, 5 go
}

// Programs read rule and slot; people read the text.
func ExampleReason() {
	plan := retention.Plan(retention.Policy{Daily: 1, Weekly: 3}, week(), time.UTC)
	reason := plan[4].Reasons[0]
	fmt.Println(reason.Rule == retention.KeepWeekly, reason.Slot, reason)
	// Output: true 1 keep-weekly #1
}

func ExampleDecisions_WriteTable() {
	snapshots := week()[3:]
	snapshots[0].Protected = true
	plan := retention.Plan(retention.Policy{Last: 2}, snapshots, time.UTC)
	plan.WriteTable(os.Stdout, time.UTC)
	// Output:
	// TIME                      PLAN    WHY
	// Thu 2026-11-26 02:00 UTC  keep    keep-last #1
	// Wed 2026-11-25 02:00 UTC  keep    keep-last #2
	// Tue 2026-11-24 02:00 UTC  remove  older than all windows
	// Mon 2026-11-23 02:00 UTC  keep    protected
	// 3 kept, 1 removed
}

func ExampleDecisions_WriteCalendar() {
	var snapshots []retention.Snapshot
	for night := range 80 {
		snapshots = append(snapshots, retention.Snapshot{Time: time.Date(2026, 9, 10+night, 2, 0, 0, 0, time.UTC)})
	}
	policy := retention.Policy{Daily: 7, Weekly: 4, Monthly: 12}
	retention.Plan(policy, snapshots, time.UTC).WriteCalendar(os.Stdout, time.UTC)
	// Output:
	//          1   5    10   15   20   25   30
	// 2026-09           ....................m
	// 2026-10  ........................w......
	// 2026-11  w......w......w......ddddddd
	// d keep-daily, w keep-weekly, m keep-monthly, . removed
}

// A forecast tells when each of next month's backups will go, before any of them is made.
func ExampleForecast() {
	var nights []time.Time
	for _, s := range week() {
		nights = append(nights, s.Time)
	}
	policy := retention.Policy{Daily: 2, Weekly: 1}
	forecast, err := retention.Forecast(policy, slices.Values(nights), retention.ForecastOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	forecast.WriteTable(os.Stdout)
	// Output:
	// TIME                      GOES            STAYS BY
	// Fri 2026-11-20 02:00 UTC  Sun 2026-11-22  keep-daily #2
	// Sat 2026-11-21 02:00 UTC  Mon 2026-11-23  keep-daily #2
	// Sun 2026-11-22 02:00 UTC  stays           keep-weekly #1
	// Mon 2026-11-23 02:00 UTC  Wed 2026-11-25  keep-daily #2
	// Tue 2026-11-24 02:00 UTC  Thu 2026-11-26  keep-daily #2
	// Wed 2026-11-25 02:00 UTC  stays           keep-daily #2
	// Thu 2026-11-26 02:00 UTC  stays           keep-daily #1
	// 3 of 7 at the end, at most 3 at once, first on 2026-11-24
}

// forecastYear is a year of nightly backups, kept for 3 days, 2 weeks and 6 months.
func forecastYear() *retention.Timeline {
	var nights []time.Time
	for night := range 365 {
		nights = append(nights, time.Date(2026, 1, 1+night, 2, 0, 0, 0, time.UTC))
	}
	policy := retention.Policy{Daily: 3, Weekly: 2, Monthly: 6}
	forecast, err := retention.Forecast(policy, slices.Values(nights), retention.ForecastOptions{})
	if err != nil {
		panic(err) // the nights are ascending
	}
	return forecast
}

func ExampleTimeline_At() {
	for life := range forecastYear().At(time.Date(2026, 4, 1, 12, 0, 0, 0, time.UTC)) {
		fmt.Println(life.Time.Format("Mon 2006-01-02"), "goes", life.Gone.Format("Mon 2006-01-02"))
	}
	// Output:
	// Sun 2026-01-25 goes Wed 2026-08-12
	// Sun 2026-02-22 goes Wed 2026-09-16
	// Sun 2026-03-22 goes Wed 2026-04-08
	// Sun 2026-03-29 goes Wed 2026-10-14
	// Mon 2026-03-30 goes Thu 2026-04-02
	// Tue 2026-03-31 goes Fri 2026-04-03
	// Wed 2026-04-01 goes Sat 2026-04-04
}

func ExampleTimeline_Days() {
	for day := range forecastYear().Days(
		time.Date(2026, 4, 3, 0, 0, 0, 0, time.UTC), time.Date(2026, 4, 6, 0, 0, 0, 0, time.UTC)) {
		fmt.Printf("%s  +%d -%d  %d exist\n", day.Date.Format(time.DateOnly), day.Made, day.Gone, day.Exists)
	}
	// Output:
	// 2026-04-03  +1 -1  7 exist
	// 2026-04-04  +1 -1  7 exist
	// 2026-04-05  +1 -1  7 exist
	// 2026-04-06  +1 -1  7 exist
}

func ExampleTimeline_WriteCalendar() {
	forecastYear().WriteCalendar(os.Stdout)
	// Output:
	//          1   5    10   15   20   25   30
	// 2026-01  ...............................
	// 2026-02  ............................
	// 2026-03  ...............................
	// 2026-04  ..............................
	// 2026-05  ...............................
	// 2026-06  ...........................m..
	// 2026-07  .........................m.....
	// 2026-08  .............................m.
	// 2026-09  ..........................m...
	// 2026-10  ........................m......
	// 2026-11  ............................m.
	// 2026-12  ...................w......w.ddd
	// d keep-daily, w keep-weekly, m keep-monthly, . removed
}
