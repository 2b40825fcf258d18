package prune_test

import (
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/datastore"
	"github.com/heirloom-backup/heirloom/datastore/backend/backendtest"
	"github.com/heirloom-backup/heirloom/datastore/prune"
)

func TestUnfinished(t *testing.T) {
	const (
		goes = "1 - [unfinished] unfinished, and not the newest"
		none = "1 + [partial] partial: nothing newer is finished"
	)
	for name, c := range map[string]struct {
		later func(w *world, unfinished *datastore.Snapshot)
		want  string // of the unfinished one
	}{
		"the only one":               {func(*world, *datastore.Snapshot) {}, none},
		"a newer one":                {func(w *world, _ *datastore.Snapshot) { w.nights(nightly, 2) }, goes},
		"another job's is newer":     {func(w *world, _ *datastore.Snapshot) { w.nights(weekly, 2) }, goes},
		"another group's is newer":   {func(w *world, _ *datastore.Snapshot) { w.nights(job{"db", "nightly"}, 2) }, none},
		"an unfinished one is newer": {func(w *world, _ *datastore.Snapshot) { w.saveUnfinished(nightly, night(2)) }, none},
		"held": {func(w *world, sn *datastore.Snapshot) {
			w.nights(nightly, 2)
			w.hold(sn, "look at this")
		}, "1 + [held] held: look at this"},
		"held and the only one": {func(w *world, sn *datastore.Snapshot) { w.hold(sn, "look at this") },
			"1 + [held partial] held: look at this, partial: nothing newer is finished"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			c.later(w, w.saveUnfinished(nightly, night(1)))
			plan := w.planOf(w.store, prune.Options{Policy: parse(t, "keep-last=1"), Filter: datastore.Filter{Name: "www", Job: "nightly"}})
			require.Len(t, plan.Series, 1)
			got := lines(&plan.Series[0])
			require.Equal(t, c.want, got[len(got)-1])
		})
	}
}

// An unfinished snapshot is the work of a session; while that lives nobody touches it.
func TestUnfinishedWhileItsWriterLives(t *testing.T) {
	w := newWorld(t)
	w.saveHalf(nightly, night(1))
	w.nights(nightly, 2)
	plan := w.plan("keep-last=1")
	require.Equal(t, []string{
		"2 + [keep-last] keep-last #1",
		"1 + [partial] partial: its writer is at work",
	}, lines(&plan.Series[0]))

	_, err := w.store.Collect(w.ctx, datastore.CollectOptions{FenceAll: true})
	require.NoError(t, err)
	_, err = plan.Apply(w.ctx, w.store, prune.ApplyOptions{})
	require.ErrorIs(t, err, datastore.ErrStalePlan)
	_, err = w.plan("keep-last=1").Apply(w.ctx, w.store, prune.ApplyOptions{})
	require.NoError(t, err)
	require.Len(t, w.left(w.store), 1)
}

// A writer that finishes while a plan is made can be gone before anybody looks for it. Its record is there by then.
func TestFinishedWhileOneLooks(t *testing.T) {
	w := newWorld(t)
	writer, pruner := backendtest.New(w.storage), backendtest.New(w.storage)
	promise := writer.Hold(backendtest.Put, "snapshots/", 2)
	finished := make(chan error, 1)
	own := w.open(writer)
	go func() {
		_, err := w.trySave(own, nightly, night(1))
		finished <- err
	}()
	require.NoError(t, promise.Reached(w.ctx))
	w.nights(nightly, 2)

	s := w.open(pruner)
	var once sync.Once
	pruner.Before(func(c backendtest.Call) {
		if c.Kind == backendtest.List && c.Name == "sessions/" {
			once.Do(func() {
				promise.Release()
				require.NoError(t, <-finished)
			})
		}
	})
	plan := w.planOf(s, prune.Options{Policy: parse(t, "keep-daily=2")})
	_, removed := plan.Counts()
	require.Zero(t, removed)
	_, err := plan.Apply(w.ctx, s, prune.ApplyOptions{})
	require.ErrorIs(t, err, datastore.ErrStalePlan)
	require.Len(t, w.left(w.store), 2)
}

// Replaced by another job's snapshot, which the plan is not about, an unfinished one may go: but not by this plan.
func TestStaleUnfinished(t *testing.T) {
	w := newWorld(t)
	w.saveUnfinished(nightly, night(1))
	o := prune.Options{Policy: parse(t, "keep-last=1"), Filter: datastore.Filter{Job: "nightly"}}
	plan := w.planOf(w.store, o)
	w.nights(weekly, 2)
	_, err := plan.Apply(w.ctx, w.store, prune.ApplyOptions{})
	var stale *prune.StaleError
	require.ErrorAs(t, err, &stale)
	require.Equal(t, 1, stale.Unfinished)
	require.EqualError(t, err, "prune: the store has changed since the plan was made, at 2026-11-01T02:00:00Z; "+
		"snapshots unfinished otherwise: 1")
	_, err = w.planOf(w.store, o).Apply(w.ctx, w.store, prune.ApplyOptions{})
	require.NoError(t, err)
	require.Len(t, w.left(w.store), 1)
}
