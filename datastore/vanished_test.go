package datastore_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/datastore"
)

// goneMissing has a store of which a manifest was deleted behind its back.
func goneMissing(t *testing.T) (*yard, *datastore.Snapshot) {
	y, all := halfDead(t)
	vanish(t, y.b, all[1])
	y.s = y.on(t, y.b)
	_, err := y.s.Collect(t.Context(), sure)
	require.ErrorAs(t, err, new(*datastore.VanishedError))
	return y, all[1]
}

// missed returns the snapshots that the store misses.
func missed(t testing.TB, s *datastore.Store) []datastore.Vanished {
	t.Helper()
	gone, err := s.Lost(t.Context())
	require.NoError(t, err)
	return gone
}

// A manifest that has vanished comes back from the ledger, with all that it needs, and collections go on.
func TestUndeleteOfAVanishedSnapshot(t *testing.T) {
	y, sn := goneMissing(t)
	require.Equal(t, sn.Address(), missed(t, y.s)[0].Address)
	f := y.want[sn.ID]
	delete(y.want, sn.ID)
	gone := findPruned(t, y.s, sn.Address())
	require.Equal(t, sn.ID, gone.ID)
	require.Equal(t, sn.Root, gone.Root)
	back := y.back(sn, f)
	require.Equal(t, sn.Address(), back.Address())
	require.NotEqual(t, sn.ID, back.ID)
	require.Empty(t, missed(t, y.on(t, y.b)))
	require.Positive(t, collect(t, y.on(t, y.b), sure).PacksRemoved)
	y.requireWhole()
	y.requireSettled()
	_, err := y.s.FindPruned(t.Context(), sn.Address())
	require.ErrorIs(t, err, datastore.ErrNoSnapshot)
}

// Whoever accepts the loss frees what only that snapshot needed.
func TestAcknowledge(t *testing.T) {
	y, sn := goneMissing(t)
	gone := missed(t, y.s)
	require.Len(t, gone, 1)
	require.Contains(t, gone[0].Object, sn.ID)
	require.NoError(t, y.s.Acknowledge(t.Context(), gone[0], "not worth it"))
	delete(y.want, sn.ID)
	require.Empty(t, missed(t, y.on(t, y.b)))
	removal, is := state(t, y.s).Removal(sn)
	require.True(t, is)
	require.Equal(t, "not worth it", removal.Reason)
	own := packOf(t, y.s, store(t, y.s, "probe", noise(900, 10))[0]) // it is still there
	forget(t, y.s, list(t, y.s, datastore.Filter{Namespace: new(string), Kind: datastore.Dataset, Name: "probe"})...)
	require.Positive(t, collect(t, y.on(t, y.b), sure).PacksRemoved)
	require.NotContains(t, names(t, y.b, "packs/"), own)
	y.requireWhole()
	y.requireSettled()
}

// The promise that a vanished manifest has left goes once it is known what became of the snapshot.
func TestVanishedBesideItsPromise(t *testing.T) {
	for name, settle := range map[string]func(t *testing.T, y *yard, sn *datastore.Snapshot){
		"undelete": func(t *testing.T, y *yard, sn *datastore.Snapshot) {
			y.back(sn, y.want[sn.ID])
			delete(y.want, sn.ID)
		},
		"acknowledge": func(t *testing.T, y *yard, sn *datastore.Snapshot) {
			require.NoError(t, y.s.Acknowledge(t.Context(), missed(t, y.s)[0], "test"))
			delete(y.want, sn.ID)
		},
	} {
		t.Run(name, func(t *testing.T) {
			y, all := halfDead(t)
			sn := all[1]
			manifest := manifestOf(t, y.b, sn)
			require.NoError(t, y.b.Delete(t.Context(), manifest))
			settle(t, y, sn)
			collect(t, y.on(t, y.b), sure)
			require.NotContains(t, names(t, y.b, "snapshots/"), promiseFor(manifest))
			y.requireWhole()
			y.requireSettled()
		})
	}
}

// A manifest that is there and damaged counts as vanished: it comes back from the ledger, or its loss is accepted.
func TestVanishedIsAlsoADamagedManifest(t *testing.T) {
	for name, settle := range map[string]func(t *testing.T, y *yard, sn *datastore.Snapshot){
		"undelete": func(t *testing.T, y *yard, sn *datastore.Snapshot) {
			f := y.want[sn.ID]
			delete(y.want, sn.ID)
			y.back(sn, f)
		},
		"acknowledge": func(t *testing.T, y *yard, sn *datastore.Snapshot) {
			require.NoError(t, y.s.Acknowledge(t.Context(), missed(t, y.s)[0], "test"))
			delete(y.want, sn.ID)
		},
	} {
		t.Run(name, func(t *testing.T) {
			y, all := halfDead(t)
			sn := all[1]
			flip(t, y.b, manifestOf(t, y.b, sn), 20)
			require.Equal(t, sn.Address(), missed(t, y.s)[0].Address)
			settle(t, y, sn)
			collect(t, y.on(t, y.b), sure)
			y.requireWhole()
			y.requireSettled()
		})
	}
}

// What vanished although it was held is held when it is back.
func TestUndeleteOfAHeldSnapshotThatVanished(t *testing.T) {

	y := newYard(t)
	f := files{"a": noise(900, 1)}
	sn := y.commit("www", f)
	require.NoError(t, y.s.Hold(t.Context(), sn, "court order", time.Time{}))
	vanish(t, y.b, sn)
	delete(y.want, sn.ID)
	back := y.back(sn, f)
	require.ErrorIs(t, y.s.Forget(t.Context(), back, "test"), datastore.ErrHeld)
}

// Without a time the latest is meant, whether it was removed or has vanished.
func TestFindPrunedTakesTheLatest(t *testing.T) {

	y := newYard(t)
	one, two := y.commit("www", files{"a": noise(300, 1)}), y.commit("www", files{"b": noise(300, 2)})
	y.forget(one)
	vanish(t, y.b, two)
	require.Equal(t, two.ID, findPruned(t, y.s, datastore.Address{Group: two.Group}).ID)
	require.Equal(t, one.ID, findPruned(t, y.s, one.Address()).ID)
}

// A snapshot of which the ledger does not know, because its record was never written, is none the less needed.
func TestCollectKeepsAPromisedSnapshotWithoutARecord(t *testing.T) {
	y, all := halfDead(t)
	for _, record := range names(t, y.b, "ledger/") {
		require.NoError(t, y.b.Delete(t.Context(), record))
	}
	y.s = y.on(t, y.b)
	for _, gone := range names(t, y.b, "pruned/") {
		require.NoError(t, y.b.Delete(t.Context(), gone))
	}
	collect(t, y.s, sure)
	requireFiles(t, y.on(t, y.b), all[1].Root, y.want[all[1].ID])
	y.requireWhole()
}
