package retention_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/heirloom-backup/heirloom/retention"
)

// reasonTexts spells a decision as the naive plan does.
func reasonTexts(d retention.Decision) []string {
	var texts []string
	for _, r := range d.Reasons {
		texts = append(texts, r.String())
	}
	return texts
}

func TestPlanAgreesWithNaivePlan(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		policy, zone, snapshots := drawPolicy(t), drawZone(t), drawSnapshots(t, 60)
		plan := retention.Plan(policy, snapshots, zone)
		for i, want := range naivePlan(policy, snapshots, zone) {
			require.Equal(t, want.snapshot, plan[i].Snapshot)
			require.Equal(t, want.rules, reasonTexts(plan[i]), "%s at %s", policy, want.snapshot.Time.In(zone))
			require.Equal(t, len(want.rules) > 0, plan[i].Keep)
		}
	})
}

func TestPlanDecidesEverySnapshotOnceAndSaysWhy(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		policy, zone, snapshots := drawPolicy(t), drawZone(t), drawSnapshots(t, 40)
		plan := retention.Plan(policy, snapshots, zone)
		kept, removed := plan.Counts()
		require.Equal(t, len(snapshots), kept+removed)

		var decided []retention.Snapshot
		for d := range plan.Kept() {
			require.NotEmpty(t, d.Reasons)
			require.Zero(t, d.Removal)
			decided = append(decided, d.Snapshot)
		}
		for d := range plan.Removed() {
			require.Empty(t, d.Reasons)
			require.NotEmpty(t, d.Removal.Cause)
			decided = append(decided, d.Snapshot)
		}
		require.ElementsMatch(t, snapshots, decided)
		require.False(t, policy.KeepsEverything() && removed > 0)
	})
}

func TestPlanDoesNotDependOnTheOrderOfItsInput(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		policy, zone, snapshots := drawPolicy(t), drawZone(t), drawSnapshots(t, 40)
		for i := range snapshots { // ties, and among them some that differ in their marks alone
			snapshots[i].Time = snapshots[i].Time.Truncate(4 * time.Hour)
			snapshots[i].ID = snapshots[i].ID[:3]
		}
		shuffled := rapid.Permutation(snapshots).Draw(t, "shuffled")
		before := slices.Clone(shuffled)
		require.Equal(t, strip(retention.Plan(policy, snapshots, zone)), strip(retention.Plan(policy, shuffled, zone)))
		require.Equal(t, before, shuffled, "the input is not modified")
	})
}

// strip leaves of a plan what callers see.
func strip(ds retention.Decisions) []retention.Decision {
	var seen []retention.Decision
	for _, d := range ds {
		seen = append(seen, retention.Decision{Snapshot: d.Snapshot, Keep: d.Keep, Reasons: d.Reasons, Removal: d.Removal})
	}
	return seen
}

func TestPlanningWhatWasKeptKeepsItAgain(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		policy, zone, snapshots := drawPolicy(t), drawZone(t), drawSnapshots(t, 60)
		first := retention.Plan(policy, snapshots, zone)
		var kept []retention.Snapshot
		for d := range first.Kept() {
			kept = append(kept, d.Snapshot)
		}
		require.Equal(t, ids(first), ids(retention.Plan(policy, kept, zone)))
	})
}

func TestAnOlderSnapshotNeverCostsANewerItsKeepLast(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		policy, zone, snapshots := drawPolicy(t), drawZone(t), drawSnapshots(t, 30)
		policy.Last = max(policy.Last, 1)
		before := retention.Plan(policy, snapshots, zone)
		older := time.Duration(rapid.IntRange(1, 10_000).Draw(t, "minutes older")) * time.Minute
		newest := time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)
		if len(before) > 0 {
			newest = before[0].Time
		}
		added := retention.Snapshot{ID: "added", Time: newest.Add(-older)}

		after := map[string]retention.Decision{}
		for _, d := range retention.Plan(policy, append(snapshots, added), zone) {
			after[d.ID] = d
		}
		for d := range before.Kept() {
			if d.Reasons[0].Rule == retention.KeepLast && d.Time.After(added.Time) {
				require.Contains(t, after[d.ID].Reasons, d.Reasons[0], d.ID)
			}
		}
	})
}

func TestForecastAgreesWithPlanningStepByStep(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		policy, zone, snapshots := drawPolicy(t), drawZone(t), drawSnapshots(t, 120)
		start := rapid.IntRange(0, min(len(snapshots), 12)).Draw(t, "existing")
		existing := snapshots[:start]
		var times []time.Time
		for _, s := range snapshots[start:] {
			times = append(times, s.Time)
		}
		requireStepByStep(t, policy, existing, times, zone)
	})
}
