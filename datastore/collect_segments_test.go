package datastore_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/datastore"
	"github.com/heirloom-backup/heirloom/datastore/backend"
	"github.com/heirloom-backup/heirloom/datastore/backend/backendtest"
	"github.com/heirloom-backup/heirloom/datastore/internal/pack"
)

// segmentPacks returns the packs that all index segments name, as often as they do.
func segmentPacks(t testing.TB, b backend.Backend) (packs []string) {
	t.Helper()
	for _, segment := range names(t, b, "index/") {
		listed, err := pack.DecodeSegment(readObject(t, b, segment))
		require.NoError(t, err)
		for _, l := range listed {
			tr, err := pack.DecodeTrailer(l.Trailer, nil)
			require.NoError(t, err)
			packs = append(packs, "packs/"+tr.Name[:2]+"/"+tr.Name)
		}
	}
	return packs
}

// many has n snapshots, each with a segment of its own.
func many(t testing.TB, n int) (*yard, []*datastore.Snapshot) {
	y := newYard(t)
	var all []*datastore.Snapshot
	for i := range n {
		all = append(all, y.commit(fmt.Sprint("w", i), files{"a": noise(2500+i, byte(i))}))
	}
	require.Len(t, names(t, y.b, "index/"), n)
	return y, all
}

// Many small index segments become one, that names the packs there are and no others.
func TestCollectJoinsSegments(t *testing.T) {
	y, all := many(t, 12)
	y.forget(all[:5]...)
	cached := y.o
	cached.CacheDir = t.TempDir()
	second := open(t, y.b, cached)
	y.requireFilesOf(second)
	collect(t, y.s, sure)
	require.Len(t, names(t, y.b, "index/"), 1)
	require.ElementsMatch(t, names(t, y.b, "packs/"), segmentPacks(t, y.b))
	y.requireWhole()

	y.requireFilesOf(second)
	late := y.commit("late", files{"l": noise(900, 100)})
	requireFiles(t, second, late.Root, y.want[late.ID])
	y.requireFilesOf(open(t, y.b, cached)) // by the cache of the second
	f := backendtest.New(y.b)
	y.requireFilesOf(open(t, f, y.o))
	require.Equal(t, 2, f.Count(backend.KindGet, "index/"), "the joined segment and a late one")
	y.requireSettled()
}

// Few segments are left as they are, and so is a joined one with few beside it.
func TestCollectLeavesFewSegments(t *testing.T) {
	y, _ := many(t, 5)
	before := names(t, y.b, "index/")
	collect(t, y.s, sure)
	require.Equal(t, before, names(t, y.b, "index/"))
}

// A segment that is damaged is not joined and not deleted: verification names it. The others are.
func TestCollectLeavesADamagedSegment(t *testing.T) {
	y, _ := many(t, 12)
	bad := names(t, y.b, "index/")[3]
	flip(t, y.b, bad, 40)
	collect(t, y.on(t, y.b), sure)
	require.Contains(t, names(t, y.b, "index/"), bad)
	require.Len(t, names(t, y.b, "index/"), 2)
	y.requireFilesOf(y.on(t, y.b))
}

// Wherever the joining ends, the index says what the packs do.
func TestJoiningSegmentsThatWasInterrupted(t *testing.T) {
	base, all := many(t, 12)
	base.forget(all[0])
	collect(t, base.s, datastore.CollectOptions{Probed: true, MinDead: 2})
	for i := range 9 {
		base.commit("x", files{"a": noise(900+i, byte(100+i))})
	}
	for nth, crashed := 1, true; crashed; nth++ {
		y := base.clone(t)
		f := backendtest.New(y.b)
		f.CrashAfter(backendtest.Write, "index/", nth)
		_, err := y.on(t, f).Collect(t.Context(), datastore.CollectOptions{Probed: true, MinDead: 2})
		if crashed = f.Crashed(); !crashed {
			require.NoError(t, err)
			require.Greater(t, nth, 8)
		}
		y.requireWhole()
		require.Subset(t, segmentPacks(t, y.b), names(t, y.b, "packs/"))
	}
}

// What a collection did is the same whether one store with a cache saw everything or each began anew.
func TestCollectWithACache(t *testing.T) {
	y, _ := halfDead(t)
	y.o.CacheDir = t.TempDir()
	s := open(t, y.b, y.o)
	require.Positive(t, collect(t, s, eager).PacksRemoved)
	y.requireFilesOf(s)
	for n := range 9 {
		y.commit("more", files{"m": noise(700, byte(100+n)), "kept": noise(800, 21)})
		old := list(t, y.s, datastore.Filter{Namespace: new(string), Kind: datastore.Dataset, Name: "more"})
		y.forget(old[:len(old)-1]...)
		collect(t, s, eager)
		y.requireFilesOf(open(t, y.b, y.o))
	}
	requireWarm(t, y.b, y.o.CacheDir)
	y.requireSettled()
}
