package prune_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/heirloom-backup/heirloom/datastore"
	"github.com/heirloom-backup/heirloom/datastore/prune"
	"github.com/heirloom-backup/heirloom/retention"
)

// drawWorld returns a store with up to three series, of which some snapshots are held, damaged or unfinished.
func drawWorld(t *rapid.T) *world {
	w := newWorld(t)
	at := night(1)
	jobs := rapid.SampledFrom([]job{nightly, weekly, {"db", "nightly"}})
	for range rapid.IntRange(1, 8).Draw(t, "snapshots") {
		at = at.Add(time.Duration(rapid.IntRange(1, 60).Draw(t, "hours")) * time.Hour)
		j := jobs.Draw(t, "job")
		fate := rapid.SampledFrom([]string{"", "", "", "held", "OK", "CORRUPT", "MISSING", "unfinished"}).Draw(t, "fate")
		if fate == "unfinished" {
			w.saveUnfinished(j, at)
			continue
		}
		switch sn := w.save(j, at); fate {
		case "":
		case "held":
			w.hold(sn, "audit")
		default:
			w.verified(sn, datastore.Outcome(fate))
		}
	}
	return w
}

func drawPolicy(t *rapid.T) retention.Policy {
	p := retention.Policy{
		Last:        rapid.IntRange(0, 2).Draw(t, "last"),
		Daily:       rapid.IntRange(0, 2).Draw(t, "daily"),
		Weekly:      rapid.IntRange(0, 1).Draw(t, "weekly"),
		Independent: rapid.Bool().Draw(t, "independent"),
	}
	if p.KeepsEverything() {
		p.Last = 1
	}
	return p
}

// What holds for all stores and policies.
func TestProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w, policy := drawWorld(t), drawPolicy(t)
		plan := reread(t, w.planOf(w.store, prune.Options{Policy: policy}))
		for _, series := range plan.Series {
			w.requireIndependent(series, policy)
			requireLastGoodKept(t, series)
		}
		foreseen, err := plan.Foresee(w.ctx, w.store)
		require.NoError(t, err)
		w.requireApplied(plan)
		w.requireCollected(foreseen)
		_, removed := w.planOf(w.store, prune.Options{Policy: policy}).Counts()
		require.Zero(t, removed, "a prune after a prune removes nothing")
	})
}

// reread returns the plan as a file would hold it.
func reread(t *rapid.T, p *prune.Plan) *prune.Plan {
	data, err := json.Marshal(p)
	require.NoError(t, err)
	again, err := prune.Decode(data)
	require.NoError(t, err)
	require.Equal(t, p, again)
	return again
}

// requireIndependent plans a series as if it were alone: nothing changes.
func (w *world) requireIndependent(series prune.Series, policy retention.Policy) {
	w.t.Helper()
	group, err := datastore.ParseGroup(series.Group)
	require.NoError(w.t, err)
	alone := w.planOf(w.store, prune.Options{Policy: policy,
		Filter: datastore.Filter{Namespace: &group.Namespace, Kind: group.Kind, Name: group.Name, Job: series.Job}})
	require.Equal(w.t, []prune.Series{series}, alone.Series)
}

func requireLastGoodKept(t *rapid.T, series prune.Series) {
	for _, d := range series.Decisions {
		if !d.Unfinished && d.Verified != datastore.OutcomeCorrupt && d.Verified != datastore.OutcomeMissing {
			require.True(t, d.Keep, "%s is the newest good one", d.Snapshot)
			return
		}
	}
}

// requireApplied applies a plan of the whole store: these snapshots go and no other.
func (w *world) requireApplied(plan *prune.Plan) {
	w.t.Helper()
	var all, stay, going []string
	for _, series := range plan.Series {
		for _, d := range series.Decisions {
			all = append(all, d.Snapshot)
			if d.Keep {
				stay = append(stay, d.Snapshot)
			}
		}
	}
	require.ElementsMatch(w.t, all, w.left(w.store), "every snapshot is in the plan")
	for d := range plan.Removals() {
		going = append(going, d.Snapshot)
	}
	res, err := plan.Apply(w.ctx, w.store, prune.ApplyOptions{})
	require.NoError(w.t, err)
	var gone []string
	for _, a := range res.Removed {
		gone = append(gone, a.String())
	}
	require.ElementsMatch(w.t, going, gone)
	require.ElementsMatch(w.t, stay, w.left(w.store))
}

// requireCollected collects, and frees what was foreseen, to the byte and to the chunk.
func (w *world) requireCollected(foreseen *datastore.CollectionPlan) {
	w.t.Helper()
	bytes, chunks := w.packBytes(), w.chunks()
	collected, err := w.store.Collect(w.ctx, datastore.CollectOptions{})
	require.NoError(w.t, err)
	require.Equal(w.t, foreseen.BytesFreed, collected.BytesFreed())
	require.Equal(w.t, foreseen.BytesFreed, bytes-w.packBytes())
	require.Equal(w.t, foreseen.PacksRemoved, collected.PacksRemoved)
	require.Equal(w.t, foreseen.ChunksRemoved, collected.ChunksRemoved)
	require.Equal(w.t, foreseen.ChunksRemoved, chunks-w.chunks())
	w.requireReadable(w.store)
}

// chunks returns how many chunks the store holds.
func (w *world) chunks() int64 {
	w.t.Helper()
	usage, err := w.store.Usage(w.ctx)
	require.NoError(w.t, err)
	return usage.Chunks
}
