package prune_test

import (
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/datastore"
	"github.com/heirloom-backup/heirloom/datastore/backend/backendtest"
	"github.com/heirloom-backup/heirloom/datastore/prune"
)

// What cannot be read is reported and left alone, and it takes no slot.
func TestUnreadableManifest(t *testing.T) {
	w := newWorld(t)
	all := w.nights(nightly, 1, 2, 3)
	name := w.manifest(all[2])
	require.NoError(t, w.storage.Delete(w.ctx, name))
	require.NoError(t, w.storage.Put(w.ctx, name, []byte("rust")))
	plan := w.plan("keep-last=1")
	require.Equal(t, []string{"2 + [keep-last] keep-last #1", "1 - [beyond-windows] older than all windows"}, lines(&plan.Series[0]))
	require.Len(t, plan.Problems, 1)
	require.Equal(t, name, plan.Problems[0].Object)
	require.NotEmpty(t, plan.Problems[0].Error)
	res, err := plan.Apply(w.ctx, w.store, prune.ApplyOptions{})
	require.NoError(t, err)
	require.Equal(t, []datastore.Address{all[0].Address()}, res.Removed)
	require.Equal(t, name, w.manifest(all[2]), "still there")
}

// A manifest that is gone makes no room for others either, and is reported where it belongs.
func TestVanishedManifest(t *testing.T) {
	w := newWorld(t)
	all := w.nights(nightly, 1, 2)
	w.nights(job{"db", "nightly"}, 3, 4)
	name := w.manifest(all[1])
	require.NoError(t, w.storage.Delete(w.ctx, name))
	plan := w.plan("keep-last=1")
	require.Equal(t, []prune.Problem{{Object: name, Error: "the ledger knows the snapshot, and its manifest is gone"}}, plan.Problems)
	require.Equal(t, []string{"1 + [keep-last] keep-last #1"}, lines(&plan.Series[1]))

	elsewhere := w.planOf(w.store, prune.Options{Policy: parse(t, "keep-last=1"), Filter: datastore.Filter{Name: "db"}})
	require.Empty(t, elsewhere.Problems)
}

// What somebody removes while a plan is made has not vanished.
func TestRemovedWhileOneLooks(t *testing.T) {
	w := newWorld(t)
	all := w.nights(nightly, 1, 2)
	faulty := backendtest.New(w.storage)
	var once sync.Once
	faulty.Before(func(c backendtest.Call) {
		if c.Kind == backendtest.List && c.Name == "snapshots/" {
			once.Do(func() { require.NoError(t, w.store.Forget(w.ctx, all[0], "test")) })
		}
	})
	plan := w.planOf(w.open(faulty), prune.Options{Policy: parse(t, "keep-last=1")})
	require.Empty(t, plan.Problems)
	require.Equal(t, []string{"2 + [keep-last] keep-last #1"}, lines(&plan.Series[0]))
}

// A promise that is lost does not make a good snapshot an unfinished one.
func TestLostPromise(t *testing.T) {
	w := newWorld(t)
	all := w.nights(nightly, 1, 2)
	w.losePromise(all[0])
	plan := w.plan("keep-last=1")
	require.Equal(t, []string{
		"2 + [keep-last] keep-last #1",
		"1 + [suspect] suspect: it was finished, and its promise was not found",
	}, lines(&plan.Series[0]))
	require.Empty(t, plan.Problems)
}

// Storage that cannot be asked is an error; it is never an empty list.
func TestEachFailingRead(t *testing.T) {
	start := newWorld(t)
	start.nights(nightly, 1, 2)
	start.saveUnfinished(nightly, night(3))
	options := prune.Options{Policy: parse(t, "keep-last=1")}
	counting := backendtest.New(start.storage)
	s := start.open(counting)
	opened := counting.Count(backendtest.Any, "")
	start.planOf(s, options)
	calls := counting.Count(backendtest.Any, "") - opened
	require.GreaterOrEqual(t, calls, 5)
	for nth := 1; nth <= calls; nth++ {
		faulty := backendtest.New(start.storage)
		s := start.open(faulty)
		faulty.Fail(backendtest.Any, "", nth, nil)
		_, err := prune.Make(start.ctx, s, options)
		require.ErrorIs(t, err, backendtest.ErrInjected, "call %d", nth)
	}
}
