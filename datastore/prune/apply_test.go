package prune_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/datastore"
	"github.com/heirloom-backup/heirloom/datastore/backend/backendtest"
	"github.com/heirloom-backup/heirloom/datastore/prune"
	"github.com/heirloom-backup/heirloom/retention"
)

func TestApply(t *testing.T) {
	w := newWorld(t)
	all := w.nights(nightly, 1, 2, 3)
	plan := w.plan("keep-daily=1")
	res, err := plan.Apply(w.ctx, w.store, prune.ApplyOptions{})
	require.NoError(t, err)
	require.Equal(t, []datastore.Address{all[0].Address(), all[1].Address()}, res.Removed, "oldest first")
	require.Empty(t, res.Left)
	require.Equal(t, []string{all[2].String()}, w.left(w.store))

	state, err := w.store.State(w.ctx)
	require.NoError(t, err)
	removal, is := state.Removal(all[0])
	require.True(t, is)
	require.Equal(t, "prune keep-daily=1: older than all windows", removal.Reason)

	_, removed := w.plan("keep-daily=1").Counts()
	require.Zero(t, removed, "there is nothing left to do")
	_, err = plan.Apply(w.ctx, w.store, prune.ApplyOptions{})
	require.ErrorIs(t, err, datastore.ErrStalePlan, "a plan is applied once")
}

// A prune goes in batches. One that is cancelled between two says how far it got, and a new plan does the rest.
func TestBatches(t *testing.T) {
	w := newWorld(t)
	for day := range 130 {
		w.save(nightly, night(1).AddDate(0, 0, day))
	}
	var told []string
	ctx, cancel := context.WithCancel(w.ctx)
	o := prune.ApplyOptions{Progress: func(done, of int) {
		told = append(told, fmt.Sprintf("%d of %d", done, of))
		cancel()
	}}
	res, err := w.plan("keep-last=1").Apply(ctx, w.store, o)
	require.ErrorIs(t, err, context.Canceled)
	require.ErrorContains(t, err, "prune: 128 of 129 snapshots removed")
	require.Len(t, res.Removed, 128)
	_, err = w.plan("keep-last=1").Apply(w.ctx, w.store, o)
	require.NoError(t, err)
	require.Equal(t, []string{"128 of 129", "1 of 1"}, told)
}

// Whatever happened since, the plan is refused, says what happened, and nothing is removed.
func TestStalePlan(t *testing.T) {
	for name, c := range map[string]struct {
		meanwhile func(w *world, all []*datastore.Snapshot)
		want      prune.StaleError
	}{
		"a new snapshot": {func(w *world, _ []*datastore.Snapshot) { w.nights(nightly, 5, 6) }, prune.StaleError{New: 2}},
		"a new series":   {func(w *world, _ []*datastore.Snapshot) { w.nights(weekly, 5) }, prune.StaleError{New: 1}},
		"one is gone": {func(w *world, all []*datastore.Snapshot) {
			require.NoError(w.t, w.store.Forget(w.ctx, all[0], "test"))
		}, prune.StaleError{Gone: 1}},
		"held":     {func(w *world, all []*datastore.Snapshot) { w.hold(all[0], "audit") }, prune.StaleError{Held: 1}},
		"released": {func(w *world, all []*datastore.Snapshot) { require.NoError(w.t, w.store.Release(w.ctx, all[1])) }, prune.StaleError{Held: 1}},
		"verified": {func(w *world, all []*datastore.Snapshot) { w.verified(all[2], datastore.OutcomeCorrupt) }, prune.StaleError{Verified: 1}},
		"its promise is lost": {func(w *world, all []*datastore.Snapshot) { w.losePromise(all[2]) },
			prune.StaleError{Unfinished: 1}},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			all := w.nights(nightly, 1, 2, 3)
			w.hold(all[1], "first look")
			plan := w.plan("keep-last=1")
			c.meanwhile(w, all)
			before := w.left(w.store)
			res, err := plan.Apply(w.ctx, w.store, prune.ApplyOptions{})
			require.ErrorIs(t, err, datastore.ErrStalePlan)
			require.Nil(t, res)
			var stale *prune.StaleError
			require.ErrorAs(t, err, &stale)
			c.want.Made = plan.Made
			require.Equal(t, &c.want, stale)
			require.Equal(t, before, w.left(w.store))
			_, err = plan.Foresee(w.ctx, w.store)
			require.ErrorIs(t, err, datastore.ErrStalePlan)
		})
	}
}

// What is outside a plan's scope does not concern it, nor does what changes no decision's ground.
func TestChangesThatDoNotMatter(t *testing.T) {
	w := newWorld(t)
	all := w.nights(nightly, 1, 2)
	w.verified(all[1], datastore.OutcomeOK)
	plan := w.planOf(w.store, prune.Options{Policy: parse(t, "keep-last=1"), Filter: datastore.Filter{Job: "nightly"}})
	w.nights(weekly, 3)
	w.verified(all[1], datastore.OutcomeOK)
	res, err := plan.Apply(w.ctx, w.store, prune.ApplyOptions{})
	require.NoError(t, err)
	require.Len(t, res.Removed, 1)
}

func TestOtherStore(t *testing.T) {
	w, other := newWorld(t), newWorld(t)
	w.nights(nightly, 1, 2)
	plan := w.plan("keep-last=1")
	_, err := plan.Apply(w.ctx, other.store, prune.ApplyOptions{})
	require.ErrorIs(t, err, datastore.ErrOtherStore)
	require.ErrorContains(t, err, w.store.ID())
	require.ErrorContains(t, err, other.store.ID())
	_, err = plan.Foresee(w.ctx, other.store)
	require.ErrorIs(t, err, datastore.ErrOtherStore)
}

// A plan file may be edited; what its policy does not say it cannot do.
func TestEditedPlan(t *testing.T) {
	for name, c := range map[string]struct {
		edit func(p *prune.Plan)
		want error
	}{
		"untouched":             {func(*prune.Plan) {}, nil},
		"removes more":          {func(p *prune.Plan) { p.Series[0].Decisions[0].Keep = false }, prune.ErrEdited},
		"removes less":          {func(p *prune.Plan) { p.Series[0].Decisions[1].Keep = true }, prune.ErrEdited},
		"another policy":        {func(p *prune.Plan) { p.Policy = retention.Policy{Last: 2} }, prune.ErrEdited},
		"shows another address": {func(p *prune.Plan) { p.Series[0].Decisions[1].Snapshot = "dataset/junk/latest" }, prune.ErrEdited},
		"a hold is left out":    {func(p *prune.Plan) { p.Series[0].Decisions[2].Held = "" }, datastore.ErrStalePlan},
		"a series is left out":  {func(p *prune.Plan) { p.Series = p.Series[:1] }, datastore.ErrStalePlan},
		"another scope":         {func(p *prune.Plan) { p.Scope.Job = "weekly" }, datastore.ErrStalePlan},
		"no policy":             {func(p *prune.Plan) { p.Policy = retention.Policy{} }, prune.ErrKeepsEverything},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			all := w.nights(nightly, 1, 2, 3)
			w.nights(weekly, 4, 5)
			w.hold(all[0], "audit")
			plan := w.plan("keep-last=1")
			c.edit(plan)
			_, err := plan.Apply(w.ctx, w.store, prune.ApplyOptions{})
			require.ErrorIs(t, err, c.want)
			if c.want != nil {
				require.Len(t, w.left(w.store), 5)
			}
		})
	}
}

func TestBrake(t *testing.T) {
	w := newWorld(t)
	w.nights(job{"db", "nightly"}, 1, 2)
	w.nights(nightly, 3, 4, 5)
	w.nights(weekly, 6)
	plan := w.plan("keep-last=1")
	for name, c := range map[string]struct {
		limit float64
		want  string
	}{
		"one series":       {50, "2 of 3 snapshots of dataset/www (job nightly) would go (66.67 %), the limit is 50 %"},
		"the worst of two": {49.9, "2 of 3 snapshots of dataset/www (job nightly) would go (66.67 %), the limit is 49.9 %; beyond it: 1 more series"},
		"below nothing":    {-1, "a limit of -1 % is not between 0 and 100"},
		"above all":        {101, "not between 0 and 100"},
		"no number":        {math.NaN(), "not between 0 and 100"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := plan.Apply(w.ctx, w.store, prune.ApplyOptions{MaxRemove: c.limit})
			require.ErrorContains(t, err, c.want)
			require.Len(t, w.left(w.store), 6, "nothing was removed")
		})
	}
	_, err := plan.Apply(w.ctx, w.store, prune.ApplyOptions{MaxRemove: 50})
	require.ErrorIs(t, err, prune.ErrTooMany)
	var many *prune.TooManyError
	require.ErrorAs(t, err, &many)
	require.Equal(t, &prune.TooManyError{Series: "dataset/www (job nightly)", Remove: 2, Of: 3, Limit: 50}, many,
		"one of two is not more than half")
	_, err = plan.Apply(w.ctx, w.store, prune.ApplyOptions{MaxRemove: 67})
	require.NoError(t, err)
}

// A hold that comes while a prune is on its way wins, and the others go.
func TestHeldMeanwhile(t *testing.T) {
	w := newWorld(t)
	all := w.nights(nightly, 1, 2, 3)
	faulty := backendtest.New(w.storage)
	var once sync.Once
	faulty.Before(func(c backendtest.Call) {
		if c.Kind == backendtest.Put {
			once.Do(func() { w.hold(all[0], "audit") })
		}
	})
	s := w.open(faulty)
	res, err := w.planOf(s, prune.Options{Policy: parse(t, "keep-last=1")}).Apply(w.ctx, s, prune.ApplyOptions{})
	require.NoError(t, err)
	require.Equal(t, []datastore.Address{all[1].Address()}, res.Removed)
	require.Len(t, res.Left, 1)
	require.Equal(t, all[0].Address(), res.Left[0].Snapshot)
	require.ErrorContains(t, res.Left[0], "audit")
	require.Equal(t, []string{all[0].String(), all[2].String()}, w.left(w.store))
}

// A hold and a failure together: both are told.
func TestHeldAndFailed(t *testing.T) {
	w := newWorld(t)
	all := w.nights(nightly, 1, 2, 3)
	faulty := backendtest.New(w.storage)
	var once sync.Once
	faulty.Before(func(c backendtest.Call) {
		if c.Kind == backendtest.Put {
			once.Do(func() { w.hold(all[0], "audit") })
		}
	})
	faulty.Fail(backendtest.Delete, "snapshots/", 1, nil)
	s := w.open(faulty)
	res, err := w.planOf(s, prune.Options{Policy: parse(t, "keep-last=1")}).Apply(w.ctx, s, prune.ApplyOptions{})
	require.ErrorIs(t, err, backendtest.ErrInjected)
	require.NotErrorIs(t, err, datastore.ErrHeld)
	require.ErrorContains(t, err, "prune: 1 of 2 snapshots removed")
	require.Len(t, res.Removed, 1, "it is recorded: nobody sees it any more")
	require.Len(t, res.Left, 1)
	require.Equal(t, []string{all[0].String(), all[2].String()}, w.left(w.store))
}

func TestAppliedFromAFile(t *testing.T) {
	w := newWorld(t)
	w.nights(nightly, 1, 2, 3)
	data, err := json.Marshal(w.plan("keep-last=1"))
	require.NoError(t, err)
	plan, err := prune.Decode(data)
	require.NoError(t, err)
	res, err := plan.Apply(w.ctx, w.open(w.storage), prune.ApplyOptions{})
	require.NoError(t, err)
	require.Len(t, res.Removed, 2)
}
