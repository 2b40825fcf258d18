package retention_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/heirloom-backup/heirloom/retention"
)

// forecastTimes replays backups at the given moments.
func forecastTimes(t *testing.T, keep string, times []time.Time, options retention.ForecastOptions) *retention.Timeline {
	t.Helper()
	policy, err := retention.Parse(keep)
	require.NoError(t, err)
	forecast, err := retention.Forecast(policy, slices.Values(times), options)
	require.NoError(t, err)
	return forecast
}

func timesOf(snapshots []retention.Snapshot) []time.Time {
	var times []time.Time
	for _, s := range snapshots {
		times = append(times, s.Time)
	}
	return times
}

// stories tells each life in a line: when it began, when it ended, and by what it stayed.
func stories(forecast *retention.Timeline) []string {
	var lines []string
	for _, l := range forecast.Lives {
		line := l.Time.Format("01-02") + " stays"
		if !l.Gone.IsZero() {
			line = l.Time.Format("01-02") + " goes " + l.Gone.Format("01-02")
		}
		lines = append(lines, line+", "+l.Stayed.String())
	}
	return lines
}

func TestForecastStories(t *testing.T) {
	for name, tc := range map[string]struct {
		keep  string
		times []retention.Snapshot
		want  []string
		peak  int
	}{
		"no backup": {keep: "keep-daily=1"},
		"no window": {
			times: nightly("2026-11-21", "2026-11-22"),
			want:  []string{"11-21 stays, keep-all", "11-22 stays, keep-all"},
			peak:  2,
		},
		"days, then weeks": {
			// 15 and 22 November are Sundays.
			keep:  "keep-daily=2, keep-weekly=1",
			times: nightly("2026-11-13", "2026-11-25"),
			want: []string{
				"11-13 goes 11-15, keep-daily #2", "11-14 goes 11-16, keep-daily #2", "11-15 goes 11-24, keep-weekly #1",
				"11-16 goes 11-18, keep-daily #2", "11-17 goes 11-19, keep-daily #2", "11-18 goes 11-20, keep-daily #2",
				"11-19 goes 11-21, keep-daily #2", "11-20 goes 11-22, keep-daily #2", "11-21 goes 11-23, keep-daily #2",
				"11-22 stays, keep-weekly #1", "11-23 goes 11-25, keep-daily #2", "11-24 stays, keep-daily #2",
				"11-25 stays, keep-daily #1",
			},
			peak: 3,
		},
		"the oldest of an independent window": {
			keep:  "keep-last=1, keep-weekly=2, independent",
			times: nightly("2026-11-20", "2026-11-24"),
			want: []string{
				"11-20 goes 11-23, keep-weekly #2: oldest", "11-21 goes 11-22, keep-weekly #1",
				"11-22 stays, keep-weekly #2", "11-23 goes 11-24, keep-weekly #1", "11-24 stays, keep-last #1",
			},
			peak: 2,
		},
		"a slot lent across the end of a month falls back": {
			// Monday 31 August shares its week with the first days of September, which cover it: it becomes August's,
			// and December of the year before moves on to the yearly window. When the weekly window takes
			// 2 September, 31 August goes for good, and the free month lets December come back.
			keep: "keep-daily=1, keep-weekly=2, keep-monthly=1, keep-yearly=1",
			times: at("2025-12-10 02:00", "2026-07-01 02:00", "2026-07-15 02:00", "2026-08-31 02:00", "2026-09-01 02:00",
				"2026-09-02 02:00", "2026-09-08 02:00"),
			want: []string{
				"12-10 stays, keep-monthly #1", "07-01 goes 09-08, keep-weekly #2", "07-15 stays, keep-weekly #2",
				"08-31 goes 09-08, keep-monthly #1", "09-01 goes 09-02, keep-daily #1", "09-02 stays, keep-weekly #1",
				"09-08 stays, keep-daily #1",
			},
			peak: 5,
		},
	} {
		t.Run(name, func(t *testing.T) {
			forecast := forecastTimes(t, tc.keep, timesOf(tc.times), retention.ForecastOptions{})
			require.Equal(t, tc.want, stories(forecast))
			require.Equal(t, tc.peak, forecast.Peak)
		})
	}
}

// Ends of months within a week are where windows are not nested: few slots and days around them reach every corner.
func TestForecastAgreesWithPlanningAcrossMonthsWithinAWeek(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		count := func(name string, most int) int { return rapid.IntRange(0, most).Draw(t, name) }
		policy := retention.Policy{Last: count("last", 1), Daily: count("daily", 2), Weekly: count("weekly", 2),
			Monthly: count("monthly", 2), Yearly: count("yearly", 2)}
		day := rapid.SampledFrom([]int{-300, -290, -60, -45, -31, -2, -1, 0, 1, 2, 6, 7, 8, 14, 29, 30, 31, 32, 120, 130, 490})
		days := rapid.SliceOfNDistinct(day, 1, 21, rapid.ID).Draw(t, "days")
		slices.Sort(days)
		var times []time.Time
		for _, d := range days {
			times = append(times, time.Date(2026, 8, 31+d, 2, 0, 0, 0, time.UTC))
		}
		requireStepByStep(t, policy, nil, times, time.UTC)
	})
}

// requireStepByStep compares a forecast with planning after each backup, what exists as well as why.
func requireStepByStep(t *rapid.T, policy retention.Policy, existing []retention.Snapshot, times []time.Time,
	zone *time.Location) {
	options := retention.ForecastOptions{Zone: zone, Existing: existing}
	forecast, err := retention.Forecast(policy, slices.Values(times), options)
	require.NoError(t, err)

	peak := len(existing)
	var final []verdict
	rules := map[time.Time][]string{} // of the last plan that kept it, by snapshot
	naiveForecast(policy, existing, times, zone, func(at time.Time, left []verdict) {
		var want []time.Time
		for _, v := range slices.Backward(left) {
			want = append(want, v.snapshot.Time)
			rules[v.snapshot.Time] = v.rules
		}
		var got []time.Time
		for life := range forecast.At(at) {
			got = append(got, life.Time)
		}
		require.Equal(t, want, got, "%s after the backup at %s", policy, at.In(zone))
		peak, final = max(peak, len(left)), left
	})
	require.Equal(t, peak, forecast.Peak)
	for i, v := range final {
		require.Equal(t, v.rules, reasonTexts(forecast.Final[i]))
	}
	for _, life := range forecast.Lives {
		if known, ok := rules[life.Time]; ok {
			require.Contains(t, known, life.Stayed.String(), "%s: %s", policy, life.Time.In(zone))
		}
	}
}

func TestForecastStartsFromWhatExists(t *testing.T) {
	existing := at("2026-11-18 02:00", "2026-11-19 02:00", "2026-11-20 02:00", "2026-11-21 02:00")
	existing[0].Hold = "audit"
	existing[3].Partial = true
	times := timesOf(nightly("2026-11-22", "2026-11-24"))
	slices.Reverse(existing) // in any order
	forecast := forecastTimes(t, "keep-daily=2", times, retention.ForecastOptions{Existing: existing})
	require.Equal(t, []string{
		"11-18 stays, held: audit", "11-19 goes 11-22, ", "11-20 goes 11-23, keep-daily #2", "11-21 goes 11-22, ",
		"11-22 goes 11-24, keep-daily #2", "11-23 stays, keep-daily #2", "11-24 stays, keep-daily #1",
	}, stories(forecast))
	require.Equal(t, 4, forecast.Peak)
	require.Equal(t, existing[0].Time, forecast.PeakTime)
}

func TestForecastRefusesTimesOutOfOrder(t *testing.T) {
	morning := time.Date(2026, 11, 22, 2, 0, 0, 0, time.UTC)
	for name, times := range map[string][]time.Time{
		"back in time":                  {morning.Add(time.Hour), morning.Add(30 * time.Minute)},
		"twice the same":                {morning.Add(time.Hour), morning.Add(time.Hour)},
		"older than what exists":        {morning.Add(-time.Hour)},
		"at the moment of one existing": {morning},
	} {
		t.Run(name, func(t *testing.T) {
			options := retention.ForecastOptions{Existing: []retention.Snapshot{{Time: morning}}}
			_, err := retention.Forecast(retention.Policy{Last: 1}, slices.Values(times), options)
			require.ErrorIs(t, err, retention.ErrNotAscending)
			require.ErrorContains(t, err, `forecast "keep-last=1": backup at 2026-11-22T`)
		})
	}
}

func TestForecastHoursWhenClocksChange(t *testing.T) {
	// On 25 October the clock in Berlin shows 02:00 to 03:00 twice, and keeps one snapshot of it: of the last 24
	// hours it shows, the oldest then lies 25 hours back. On 28 March it skips an hour, and the oldest lies 24 back.
	berlin := zoneNamed(t, "Europe/Berlin")
	for name, tc := range map[string]struct {
		noon  time.Time
		reach time.Duration
	}{
		"an ordinary day":     {time.Date(2026, 11, 22, 12, 30, 0, 0, berlin), 23 * time.Hour},
		"an hour comes twice": {time.Date(2026, 10, 25, 12, 30, 0, 0, berlin), 24 * time.Hour},
		"an hour is skipped":  {time.Date(2027, 3, 28, 12, 30, 0, 0, berlin), 23 * time.Hour},
	} {
		t.Run(name, func(t *testing.T) {
			var times []time.Time
			for h := 48; h >= 0; h-- {
				times = append(times, tc.noon.Add(time.Duration(-h)*time.Hour))
			}
			forecast := forecastTimes(t, "keep-hourly=24", times, retention.ForecastOptions{Zone: berlin})
			require.Len(t, forecast.Final, 24)
			require.Equal(t, tc.reach, tc.noon.Sub(forecast.Final[23].Time))
		})
	}
}

func TestTimelineDays(t *testing.T) {
	berlin := zoneNamed(t, "Europe/Berlin")
	var times []time.Time // at 00:30 and 23:30 Berlin time, which UTC sees on other days
	for day := 24; day <= 26; day++ {
		times = append(times, time.Date(2026, 10, day, 0, 30, 0, 0, berlin), time.Date(2026, 10, day, 23, 30, 0, 0, berlin))
	}
	forecast := forecastTimes(t, "keep-daily=2", times, retention.ForecastOptions{Zone: berlin})
	var got []retention.Day
	for day := range forecast.Days(times[0].AddDate(0, 0, -1), times[5].AddDate(0, 0, 1)) {
		got = append(got, day)
	}
	date := func(day int) time.Time { return time.Date(2026, 10, day, 0, 0, 0, 0, time.UTC) }
	require.Equal(t, []retention.Day{
		{Date: date(23)},
		{Date: date(24), Made: 2, Gone: 1, Exists: 1},
		{Date: date(25), Made: 2, Gone: 1, Exists: 2},
		{Date: date(26), Made: 2, Gone: 2, Exists: 2},
		{Date: date(27), Exists: 2},
	}, got)

	for day := range forecast.Days(times[2], times[5]) {
		require.Equal(t, date(25), day.Date, "days before are counted, but not shown")
		require.Equal(t, 2, day.Exists)
		break
	}
}

func TestTimelineDaysAgreeWithLives(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		policy, times := drawPolicy(t), drawTimes(t, 40)
		zone, err := time.LoadLocation(rapid.SampledFrom([]string{"Europe/Berlin", "Pacific/Apia"}).Draw(t, "zone"))
		require.NoError(t, err)
		forecast, err := retention.Forecast(policy, slices.Values(times), retention.ForecastOptions{Zone: zone})
		require.NoError(t, err)
		date := func(at time.Time) string { return at.In(zone).Format(time.DateOnly) }
		for _, at := range times {
			for day := range forecast.Days(at, at) {
				want := retention.Day{Date: day.Date}
				for _, life := range forecast.Lives {
					want.Made += count(date(life.Time) == date(at))
					want.Gone += count(!life.Gone.IsZero() && date(life.Gone) == date(at))
					want.Exists += count(date(life.Time) <= date(at) && (life.Gone.IsZero() || date(life.Gone) > date(at)))
				}
				require.Equal(t, date(at), day.Date.Format(time.DateOnly))
				require.Equal(t, want, day)
			}
		}
	})
}

func count(yes bool) int {
	if yes {
		return 1
	}
	return 0
}
