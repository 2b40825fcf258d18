package datastore_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/heirloom-backup/heirloom/datastore/internal/interleave"
)

// company are the programs that a random play is cast from. Old is there at the beginning and may be removed, lost was
// removed and may be brought back, half is in packs of which another half is needed by nothing.
var company = map[string]func(p *play){
	"writer":   saves("writer", "new", both),
	"other":    saves("other", "other", files{"b": beta["b"], "c": gamma["c"], "d": noise(1200, 4)}),
	"heir":     func(p *play) { p.want["heir"] = gamma; runs("heir", "heir", inherit("heir", "old"))(p) },
	"prune":    func(p *play) { acts("prune", prune("old"))(p); may("old")(p) },
	"undelete": func(p *play) { p.want["lost"] = alpha; runs("undelete", "lost", undelete("lost"))(p) },
	"reader":   acts("reader", look("rest", beta)),
	"gc-1":     acts("gc-1", gc(true)),
	"gc-2":     acts("gc-2", gc(true)),
	"gc-3":     acts("gc-3", gc(false)),
}

// TestModelAtRandom plays larger worlds than can be explored, with several crashes: at least a million operations if it
// is given the time.
func TestModelAtRandom(t *testing.T) {
	s := newStage(t, has("keep", both), has("old", gamma), half("keep", beta), lost("lost", alpha))
	var total interleave.Report
	enough := 20_000
	if long() {
		enough = 1_000_000
	}
	for seed := 0; total.Steps < enough; seed++ {
		cast := rapid.SliceOfNDistinct(rapid.SampledFrom(sortedNames(company)), 3, 6, rapid.ID[string]).Example(seed)
		var parts []func(p *play)
		for _, name := range cast {
			parts = append(parts, company[name])
		}
		copied := &stage{s.storage, map[string]files{}}
		for group, f := range s.want {
			copied.want[group] = f
		}
		odds := interleave.Odds{Runs: 10, Seed: uint64(seed), Switch: 0.2, Crash: 0.005, Crashes: 2}
		r, err := interleave.Sample(t, odds, copied.play(parts...).scene)
		require.NoError(t, err, "seed %d, cast %q", seed, cast)
		total.Schedules, total.Steps = total.Schedules+r.Schedules, total.Steps+r.Steps
	}
	t.Logf("%d schedules, %d operations", total.Schedules, total.Steps)
}

func sortedNames[T any](m map[string]T) (names []string) {
	f := files{}
	for name := range m {
		f[name] = nil
	}
	return f.names()
}
