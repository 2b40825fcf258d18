package retention_test

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/heirloom-backup/heirloom/retention"
)

func hourly(n int) []time.Time {
	times := make([]time.Time, n)
	for i := range times {
		times[i] = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(i) * time.Hour)
	}
	return times
}

func benchmarkPolicies() map[string]retention.Policy {
	usual := retention.Policy{Last: 3, Hourly: 24, Daily: 7, Weekly: 4, Monthly: 12, Yearly: 10}
	usualIndependent := usual
	usualIndependent.Independent = true
	return map[string]retention.Policy{
		"usual":             usual,
		"usual-independent": usualIndependent,
		"large":             {Last: 100, Hourly: 24 * 365, Daily: 3650, Weekly: 520, Monthly: 120, Yearly: 10},
		"everything":        {},
	}
}

// BenchmarkPlan plans for 100,000 hourly snapshots in no particular order.
func BenchmarkPlan(b *testing.B) {
	berlin := zoneNamed(b, "Europe/Berlin")
	var snapshots []retention.Snapshot
	for _, t := range hourly(100_000) {
		snapshots = append(snapshots, retention.Snapshot{ID: t.String(), Time: t})
	}
	random := rand.New(rand.NewPCG(1, 2))
	random.Shuffle(len(snapshots), func(i, j int) { snapshots[i], snapshots[j] = snapshots[j], snapshots[i] })
	for name, policy := range benchmarkPolicies() {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				retention.Plan(policy, snapshots, berlin)
			}
		})
	}
}

// BenchmarkForecast replays ten years of hourly backups, each followed by a prune.
func BenchmarkForecast(b *testing.B) {
	options := retention.ForecastOptions{Zone: zoneNamed(b, "Europe/Berlin")}
	times := hourly(10 * 8766)
	for name, policy := range benchmarkPolicies() {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := retention.Forecast(policy, slices.Values(times), options); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
