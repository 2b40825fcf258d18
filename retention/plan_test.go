package retention_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/retention"
)

// planCase is a plan worked out by hand. A line of want is "time: why", newest first.
type planCase struct {
	keep      string
	zone      string // UTC if empty
	snapshots []retention.Snapshot
	want      []string
}

func (tc planCase) check(t *testing.T) {
	t.Helper()
	policy, err := retention.Parse(tc.keep)
	require.NoError(t, err)
	zone := zoneNamed(t, tc.zone)
	var got []string
	for _, d := range retention.Plan(policy, tc.snapshots, zone) {
		line := d.Time.In(zone).Format("2006-01-02 15:04: ") + d.Why()
		if !d.Keep {
			line = "-" + line
		}
		got = append(got, line)
	}
	require.Equal(t, tc.want, got)
}

// at makes snapshots from moments like "2026-11-22 02:00", in UTC, or "2026-10-25 02:00 +0200".
func at(moments ...string) []retention.Snapshot {
	var snapshots []retention.Snapshot
	for _, m := range moments {
		layout := "2006-01-02 15:04"
		if strings.ContainsAny(m, "+") {
			layout += " -0700"
		}
		moment, err := time.Parse(layout, m)
		if err != nil {
			panic(err) // a slip in the table
		}
		snapshots = append(snapshots, retention.Snapshot{Time: moment})
	}
	return snapshots
}

// nightly makes a snapshot at 02:00 UTC of each day, both included.
func nightly(first, last string) []retention.Snapshot {
	var snapshots []retention.Snapshot
	for s, end := at(first + " 02:00")[0], at(last + " 02:00")[0]; !s.Time.After(end.Time); s.Time = s.Time.AddDate(0, 0, 1) {
		snapshots = append(snapshots, s)
	}
	return snapshots
}

func TestPlanChained(t *testing.T) {
	for name, tc := range map[string]planCase{
		"nothing to plan": {keep: "keep-daily=1"},
		"no window keeps everything": {
			snapshots: nightly("2026-11-21", "2026-11-22"),
			want:      []string{"2026-11-22 02:00: keep-all", "2026-11-21 02:00: keep-all"},
		},
		"last counts snapshots": {
			keep:      "keep-last=2",
			snapshots: at("2026-11-22 02:00", "2026-11-22 02:00", "2026-11-22 01:59"),
			want: []string{
				"2026-11-22 02:00: keep-last #1",
				"2026-11-22 02:00: keep-last #2",
				"-2026-11-22 01:59: older than all windows",
			},
		},
		"a week of the days before, and its weeks": {
			keep:      "keep-daily=3, keep-weekly=2",
			snapshots: nightly("2026-11-20", "2026-11-26"),
			want: []string{
				"2026-11-26 02:00: keep-daily #1",
				"2026-11-25 02:00: keep-daily #2",
				"2026-11-24 02:00: keep-daily #3",
				"-2026-11-23 02:00: same week as keep-daily #1",
				"2026-11-22 02:00: keep-weekly #1",
				"-2026-11-21 02:00: same week as keep-weekly #1",
				"-2026-11-20 02:00: same week as keep-weekly #1",
			},
		},
		"the newest of a period stands for it": {
			keep:      "keep-daily=1, keep-monthly=1",
			snapshots: at("2026-11-22 23:59", "2026-11-22 00:00", "2026-11-21 23:59", "2026-10-31 12:00", "2026-10-31 11:00"),
			want: []string{
				"2026-11-22 23:59: keep-daily #1",
				"-2026-11-22 00:00: same day as keep-daily #1",
				"-2026-11-21 23:59: same month as keep-daily #1",
				"2026-10-31 12:00: keep-monthly #1",
				"-2026-10-31 11:00: same month as keep-monthly #1",
			},
		},
		"a removed one is gone for later windows": {
			// 31 October shares its ISO week with 1 November. The weekly window fills that week with the 1st and
			// removes the 31st for good, although no month keeps a snapshot of October otherwise.
			keep:      "keep-weekly=1, keep-monthly=2",
			snapshots: at("2026-11-01 02:00", "2026-10-31 02:00", "2026-09-30 02:00"),
			want: []string{
				"2026-11-01 02:00: keep-weekly #1",
				"-2026-10-31 02:00: same week as keep-weekly #1",
				"2026-09-30 02:00: keep-monthly #1",
			},
		},
		"a passed over one is not": {
			// Here the 1st is kept by a day, so its week is covered and the 31st only passed over by the weekly
			// window: it becomes October's.
			keep:      "keep-daily=1, keep-weekly=1, keep-monthly=2",
			snapshots: at("2026-11-01 02:00", "2026-10-31 02:00", "2026-09-30 02:00", "2026-08-31 02:00", "2026-07-31 02:00"),
			want: []string{
				"2026-11-01 02:00: keep-daily #1",
				"2026-10-31 02:00: keep-monthly #1",
				"2026-09-30 02:00: keep-weekly #1",
				"2026-08-31 02:00: keep-monthly #2",
				"-2026-07-31 02:00: older than all windows",
			},
		},
		"only periods with a snapshot count": {
			keep:      "keep-daily=2, keep-yearly=2",
			snapshots: at("2026-11-22 02:00", "2026-03-01 02:00", "2020-05-05 02:00", "2011-01-01 02:00", "2003-01-01 02:00"),
			want: []string{
				"2026-11-22 02:00: keep-daily #1",
				"2026-03-01 02:00: keep-daily #2",
				"2020-05-05 02:00: keep-yearly #1",
				"2011-01-01 02:00: keep-yearly #2",
				"-2003-01-01 02:00: older than all windows",
			},
		},
		"New Year's Day lies in the last week of the year before": {
			// 2027-01-01 is a Friday of 2026-W53, which begins on 28 December; 2027-W01 begins on 4 January.
			keep:      "keep-weekly=3",
			snapshots: nightly("2026-12-26", "2027-01-04"),
			want: []string{
				"2027-01-04 02:00: keep-weekly #1",
				"2027-01-03 02:00: keep-weekly #2",
				"-2027-01-02 02:00: same week as keep-weekly #2",
				"-2027-01-01 02:00: same week as keep-weekly #2",
				"-2026-12-31 02:00: same week as keep-weekly #2",
				"-2026-12-30 02:00: same week as keep-weekly #2",
				"-2026-12-29 02:00: same week as keep-weekly #2",
				"-2026-12-28 02:00: same week as keep-weekly #2",
				"2026-12-27 02:00: keep-weekly #3",
				"-2026-12-26 02:00: same week as keep-weekly #3",
			},
		},
		"December's end may lie in the first week of the next year": {
			// 2024-12-30 and 2025-01-05 are Monday and Sunday of 2025-W01, in different months and years.
			keep:      "keep-weekly=1, keep-yearly=1",
			snapshots: at("2025-01-05 02:00", "2024-12-30 02:00", "2024-12-29 02:00"),
			want: []string{
				"2025-01-05 02:00: keep-weekly #1",
				"-2024-12-30 02:00: same week as keep-weekly #1",
				"2024-12-29 02:00: keep-yearly #1",
			},
		},
		"a year turns at local midnight": {
			keep: "keep-yearly=2", zone: "America/New_York",
			snapshots: at("2027-01-01 05:00", "2027-01-01 04:59", "2026-01-01 04:59"),
			want: []string{
				"2027-01-01 00:00: keep-yearly #1",
				"2026-12-31 23:59: keep-yearly #2",
				"-2025-12-31 23:59: older than all windows",
			},
		},
		"an hour the clock shows twice is one hour": {
			keep: "keep-hourly=3", zone: "Europe/Berlin",
			snapshots: at("2026-10-25 03:30 +0100", "2026-10-25 02:30 +0100", "2026-10-25 02:30 +0200", "2026-10-25 01:30 +0200"),
			want: []string{
				"2026-10-25 03:30: keep-hourly #1",
				"2026-10-25 02:30: keep-hourly #2",
				"-2026-10-25 02:30: same hour as keep-hourly #2",
				"2026-10-25 01:30: keep-hourly #3",
			},
		},
		"windows of the same length of stay do not add up": {
			keep:      "keep-last=2, keep-hourly=1, keep-daily=1",
			snapshots: at("2026-11-22 12:40", "2026-11-22 12:20", "2026-11-22 12:00", "2026-11-22 11:00", "2026-11-22 10:00", "2026-11-21 10:00"),
			want: []string{
				"2026-11-22 12:40: keep-last #1",
				"2026-11-22 12:20: keep-last #2",
				"-2026-11-22 12:00: same hour as keep-last #1",
				"2026-11-22 11:00: keep-hourly #1",
				"-2026-11-22 10:00: same day as keep-last #1",
				"2026-11-21 10:00: keep-daily #1",
			},
		},
	} {
		t.Run(name, tc.check)
	}
}

func TestPlanIndependent(t *testing.T) {
	for name, tc := range map[string]planCase{
		"windows overlap": {
			keep:      "keep-daily=3, keep-weekly=2, independent",
			snapshots: nightly("2026-11-20", "2026-11-26"),
			want: []string{
				"2026-11-26 02:00: keep-daily #1, keep-weekly #1",
				"2026-11-25 02:00: keep-daily #2",
				"2026-11-24 02:00: keep-daily #3",
				"-2026-11-23 02:00: same week as keep-weekly #1",
				"2026-11-22 02:00: keep-weekly #2",
				"-2026-11-21 02:00: same week as keep-weekly #2",
				"-2026-11-20 02:00: same week as keep-weekly #2",
			},
		},
		"free slots keep the oldest": {
			keep:      "keep-daily=2, keep-yearly=3, independent",
			snapshots: nightly("2026-11-19", "2026-11-22"),
			want: []string{
				"2026-11-22 02:00: keep-daily #1, keep-yearly #1",
				"2026-11-21 02:00: keep-daily #2",
				"-2026-11-20 02:00: same year as keep-yearly #1",
				"2026-11-19 02:00: keep-yearly #2: oldest",
			},
		},
		"the oldest in a period of its own is nothing special": {
			keep:      "keep-daily=3, independent",
			snapshots: nightly("2026-11-21", "2026-11-22"),
			want:      []string{"2026-11-22 02:00: keep-daily #1", "2026-11-21 02:00: keep-daily #2"},
		},
		"no slot is left for the oldest": {
			keep:      "keep-monthly=1, independent",
			snapshots: nightly("2026-11-21", "2026-11-22"),
			want:      []string{"2026-11-22 02:00: keep-monthly #1", "-2026-11-21 02:00: same month as keep-monthly #1"},
		},
		"beyond all windows": {
			keep:      "keep-last=1, keep-daily=1, independent",
			snapshots: nightly("2026-11-21", "2026-11-22"),
			want:      []string{"2026-11-22 02:00: keep-last #1, keep-daily #1", "-2026-11-21 02:00: older than all windows"},
		},
		"no window keeps everything": {
			keep:      "independent",
			snapshots: nightly("2026-11-22", "2026-11-22"),
			want:      []string{"2026-11-22 02:00: keep-all"},
		},
	} {
		t.Run(name, tc.check)
	}
}

// marked returns nightly snapshots, newest first, with marks set on some of them.
func marked(first, last string, mark map[string]func(*retention.Snapshot)) []retention.Snapshot {
	snapshots := nightly(first, last)
	for i := range snapshots {
		if set := mark[snapshots[i].Time.Format(time.DateOnly)]; set != nil {
			set(&snapshots[i])
		}
	}
	return snapshots
}

func TestPlanMarks(t *testing.T) {
	protect := func(s *retention.Snapshot) { s.Protected = true }
	hold := func(s *retention.Snapshot) { s.Hold = "audit of 2026" }
	suspect := func(s *retention.Snapshot) { s.Suspect = true }
	damage := func(s *retention.Snapshot) { s.Damaged = true }
	partial := func(s *retention.Snapshot) { s.Partial = true }
	both := func(s *retention.Snapshot) { s.Partial = true; s.Protected = true }
	type marks = map[string]func(*retention.Snapshot)

	for name, tc := range map[string]planCase{
		"marked ones take no slot": {
			keep: "keep-daily=2",
			snapshots: marked("2026-11-17", "2026-11-22",
				marks{"2026-11-22": protect, "2026-11-20": suspect, "2026-11-18": hold}),
			want: []string{
				"2026-11-22 02:00: protected",
				"2026-11-21 02:00: keep-daily #1",
				"2026-11-20 02:00: suspect",
				"2026-11-19 02:00: keep-daily #2",
				"2026-11-18 02:00: held: audit of 2026",
				"-2026-11-17 02:00: older than all windows",
			},
		},
		"a marked one covers no period": {
			keep:      "keep-monthly=1",
			snapshots: marked("2026-11-21", "2026-11-22", marks{"2026-11-22": protect}),
			want:      []string{"2026-11-22 02:00: protected", "2026-11-21 02:00: keep-monthly #1"},
		},
		"an unfinished run stays while it is the newest": {
			keep:      "keep-last=1",
			snapshots: marked("2026-11-20", "2026-11-22", marks{"2026-11-22": partial, "2026-11-20": partial}),
			want: []string{
				"2026-11-22 02:00: partial",
				"2026-11-21 02:00: keep-last #1",
				"-2026-11-20 02:00: unfinished, and not the newest",
			},
		},
		"of two unfinished runs the newer stays": {
			keep:      "keep-last=1",
			snapshots: marked("2026-11-20", "2026-11-22", marks{"2026-11-22": partial, "2026-11-21": partial}),
			want: []string{
				"2026-11-22 02:00: partial",
				"-2026-11-21 02:00: unfinished, and not the newest",
				"2026-11-20 02:00: keep-last #1",
			},
		},
		"a protected one replaces an unfinished run too": {
			keep:      "keep-last=1",
			snapshots: marked("2026-11-21", "2026-11-22", marks{"2026-11-22": protect, "2026-11-21": partial}),
			want: []string{
				"2026-11-22 02:00: protected",
				"-2026-11-21 02:00: unfinished, and not the newest",
			},
		},
		"an unfinished run may be protected": {
			keep:      "keep-last=1",
			snapshots: marked("2026-11-20", "2026-11-22", marks{"2026-11-22": both, "2026-11-20": both}),
			want: []string{
				"2026-11-22 02:00: protected, partial",
				"2026-11-21 02:00: keep-last #1",
				"2026-11-20 02:00: protected",
			},
		},
		"without a window unfinished runs stay as well": {
			snapshots: marked("2026-11-20", "2026-11-22", marks{"2026-11-20": partial, "2026-11-21": hold}),
			want: []string{
				"2026-11-22 02:00: keep-all",
				"2026-11-21 02:00: held: audit of 2026",
				"2026-11-20 02:00: keep-all",
			},
		},
		"damaged ones take slots, but never the last good one": {
			keep:      "keep-daily=2",
			snapshots: marked("2026-11-18", "2026-11-22", marks{"2026-11-22": damage, "2026-11-21": damage}),
			want: []string{
				"2026-11-22 02:00: keep-daily #1",
				"2026-11-21 02:00: keep-daily #2",
				"2026-11-20 02:00: last-good",
				"-2026-11-19 02:00: older than all windows",
				"-2026-11-18 02:00: older than all windows",
			},
		},
		"the last good one may have lost its slot to a damaged one": {
			keep:      "keep-weekly=4",
			snapshots: marked("2026-11-20", "2026-11-22", marks{"2026-11-22": damage}),
			want: []string{
				"2026-11-22 02:00: keep-weekly #1",
				"2026-11-21 02:00: last-good",
				"-2026-11-20 02:00: same week as keep-weekly #1",
			},
		},
		"a held good one is good enough": {
			keep:      "keep-daily=1",
			snapshots: marked("2026-11-20", "2026-11-22", marks{"2026-11-22": damage, "2026-11-21": hold}),
			want: []string{
				"2026-11-22 02:00: keep-daily #1",
				"2026-11-21 02:00: held: audit of 2026",
				"-2026-11-20 02:00: older than all windows",
			},
		},
		"suspects do not push good ones out": {
			keep: "keep-last=1",
			snapshots: marked("2026-11-19", "2026-11-22",
				marks{"2026-11-22": suspect, "2026-11-21": suspect}),
			want: []string{
				"2026-11-22 02:00: suspect",
				"2026-11-21 02:00: suspect",
				"2026-11-20 02:00: keep-last #1",
				"-2026-11-19 02:00: older than all windows",
			},
		},
		"none is good": {
			keep:      "keep-last=1",
			snapshots: marked("2026-11-21", "2026-11-22", marks{"2026-11-22": damage, "2026-11-21": damage}),
			want:      []string{"2026-11-22 02:00: keep-last #1", "-2026-11-21 02:00: older than all windows"},
		},
	} {
		t.Run(name, tc.check)
	}
}

func TestPlanZoneDefaultsToUTC(t *testing.T) {
	snapshots := at("2026-11-22 00:30", "2026-11-21 23:30")
	plan := retention.Plan(retention.Policy{Daily: 2}, snapshots, nil)
	kept, _ := plan.Counts()
	require.Equal(t, 2, kept)
}
