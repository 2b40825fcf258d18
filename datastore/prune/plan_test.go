package prune_test

import (
	"fmt"
	"reflect"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/datastore"
	"github.com/heirloom-backup/heirloom/datastore/prune"
	"github.com/heirloom-backup/heirloom/retention"
)

func TestDecisions(t *testing.T) {
	for name, c := range map[string]struct {
		policy string
		store  func(w *world)
		want   []string // of the first series, newest first: day, reasons, text
	}{
		"windows": {"keep-daily=2, keep-weekly=1", func(w *world) { w.nights(nightly, 22, 23, 24, 25, 26) }, []string{
			"26 + [keep-daily] keep-daily #1",
			"25 + [keep-daily] keep-daily #2",
			"24 - [same-period] same week as keep-daily #1",
			"23 - [same-period] same week as keep-daily #1",
			"22 + [keep-weekly] keep-weekly #1",
		}},
		"independent windows give several reasons": {"keep-last=1, keep-daily=1, independent", func(w *world) { w.nights(nightly, 1, 2) }, []string{
			"2 + [keep-last keep-daily] keep-last #1, keep-daily #1",
			"1 - [beyond-windows] older than all windows",
		}},
		"holds take no slot": {"keep-last=1", func(w *world) {
			all := w.nights(nightly, 1, 2, 3)
			w.hold(all[2], "audit")
			w.hold(all[1], "")
		}, []string{
			"3 + [held] held: audit",
			"2 + [held] held: no reason given",
			"1 + [keep-last] keep-last #1",
		}},
		"a hold that has ended": {"keep-last=1", func(w *world) {
			all := w.nights(nightly, 1, 2)
			require.NoError(w.t, w.store.Hold(w.ctx, all[0], "audit", night(3)))
			w.now = night(3)
		}, []string{
			"2 + [keep-last] keep-last #1",
			"1 - [beyond-windows] older than all windows",
		}},
		"the last good one is never removed": {"keep-last=1", func(w *world) {
			all := w.nights(nightly, 1, 2, 3)
			w.verified(all[2], datastore.OutcomeCorrupt)
			w.verified(all[1], datastore.OutcomeMissing)
		}, []string{
			"3 + [keep-last] keep-last #1",
			"2 - [beyond-windows] older than all windows",
			"1 + [last-good] last-good",
		}},
		"healed is good": {"keep-last=1", func(w *world) {
			all := w.nights(nightly, 1, 2)
			w.verified(all[1], datastore.OutcomeCorrupt)
			w.now = night(3)
			w.verified(all[1], datastore.OutcomeOK)
		}, []string{
			"2 + [keep-last] keep-last #1",
			"1 - [beyond-windows] older than all windows",
		}},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			c.store(w)
			plan := w.plan(c.policy)
			require.Len(t, plan.Series, 1)
			require.Equal(t, c.want, lines(&plan.Series[0]))
		})
	}
}

// lines writes the decisions of a series.
func lines(s *prune.Series) (all []string) {
	for _, d := range s.Decisions {
		sign := "-"
		if d.Keep {
			sign = "+"
		}
		all = append(all, fmt.Sprintf("%d %s %s %s", d.Time.Day(), sign, d.Reasons, d.Why))
	}
	return all
}

func TestSeriesAreIndependent(t *testing.T) {
	w := newWorld(t)
	w.nights(job{"db", "nightly"}, 1, 2)
	w.nights(nightly, 3, 4, 5)
	w.nights(weekly, 6)
	plan := w.plan("keep-last=1")
	var got []string
	for i := range plan.Series {
		kept, removed := plan.Series[i].Counts()
		got = append(got, fmt.Sprintf("%s: %d %d %.0f %%", plan.Series[i].String(), kept, removed, plan.Series[i].Share()))
	}
	require.Equal(t, []string{
		"dataset/db (job nightly): 1 1 50 %", "dataset/www (job nightly): 1 2 67 %", "dataset/www (job weekly): 1 0 0 %",
	}, got)
	kept, removed := plan.Counts()
	require.Equal(t, []int{3, 3}, []int{kept, removed})
	require.InDelta(t, 50, plan.Share(), 0)
	var days []int
	for d := range plan.Removals() {
		days = append(days, d.Time.Day())
	}
	require.Equal(t, []int{1, 4, 3}, days)
}

func TestScope(t *testing.T) {
	w := newWorld(t)
	w.nights(nightly, 1, 2)
	w.nights(weekly, 3, 4)
	w.nights(job{"db", "nightly"}, 5, 6)
	root, other := "", "other"
	for name, c := range map[string]struct {
		filter datastore.Filter
		series int
	}{
		"all":               {datastore.Filter{}, 3},
		"a job":             {datastore.Filter{Job: "nightly"}, 2},
		"a name":            {datastore.Filter{Name: "www"}, 2},
		"a kind":            {datastore.Filter{Kind: datastore.Image}, 0},
		"the root":          {datastore.Filter{Namespace: &root}, 3},
		"another namespace": {datastore.Filter{Namespace: &other}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			plan := w.planOf(w.store, prune.Options{Policy: parse(t, "keep-last=1"), Filter: c.filter})
			require.Len(t, plan.Series, c.series)
			_, removed := plan.Counts()
			require.Equal(t, c.series, removed, "one of each")
		})
	}
}

// A condition that a plan does not record would be lost on the way to Apply.
func TestScopeIsTheWholeFilter(t *testing.T) {
	require.Equal(t, reflect.TypeFor[prune.Scope]().NumField()+len([]string{"Unfinished"}), reflect.TypeFor[datastore.Filter]().NumField())
}

func TestEmptyStore(t *testing.T) {
	w := newWorld(t)
	plan := w.plan("keep-last=1")
	require.Empty(t, plan.Series)
	require.Zero(t, plan.Share())
	res, err := plan.Apply(w.ctx, w.store, prune.ApplyOptions{MaxRemove: 10})
	require.NoError(t, err)
	require.Empty(t, res.Removed)
}

func TestZone(t *testing.T) {
	w := newWorld(t)
	w.save(nightly, time.Date(2026, 11, 20, 20, 0, 0, 0, time.UTC)) // the same day in UTC,
	w.save(nightly, time.Date(2026, 11, 20, 23, 30, 0, 0, time.UTC))
	berlin, err := time.LoadLocation("Europe/Berlin") // and the next one there
	require.NoError(t, err)
	for name, c := range map[string]struct {
		zone    *time.Location
		named   string
		removed int
	}{
		"none":   {nil, "UTC", 1},
		"berlin": {berlin, "Europe/Berlin", 0},
	} {
		t.Run(name, func(t *testing.T) {
			plan := w.planOf(w.store, prune.Options{Policy: retention.Policy{Daily: 2}, Zone: c.zone})
			require.Equal(t, c.named, plan.Zone)
			_, removed := plan.Counts()
			require.Equal(t, c.removed, removed)
			_, err := plan.Foresee(w.ctx, w.store)
			require.NoError(t, err, "its zone is known when it is made anew")
		})
	}
	for _, zone := range []*time.Location{time.FixedZone("Nowhere", 3600), time.FixedZone("UTC", 3600), time.FixedZone("", 60)} {
		_, err := prune.Make(w.ctx, w.store, prune.Options{Policy: retention.Policy{Daily: 2}, Zone: zone})
		require.ErrorContains(t, err, "records its zone by name", "%q", zone)
	}
}

func TestPolicyThatKeepsEverything(t *testing.T) {
	w := newWorld(t)
	_, err := prune.Make(w.ctx, w.store, prune.Options{Policy: retention.Policy{Independent: true}})
	require.ErrorIs(t, err, prune.ErrKeepsEverything)
}
