package datastore_test

import (
	"fmt"
	"maps"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/chunk"
	"github.com/heirloom-backup/heirloom/datastore"
	"github.com/heirloom-backup/heirloom/datastore/backend"
	"github.com/heirloom-backup/heirloom/datastore/internal/pack"
	"github.com/heirloom-backup/heirloom/datastore/internal/wire"
)

// eager moves frames as soon as one in a pack is dead.
var eager = datastore.CollectOptions{Probed: true, MinDead: 0.01}

// Frames move with the keys they are sealed with, again and again, and what is in them stays what it was.
func TestCollectMovesFramesOfManyGenerations(t *testing.T) {
	eachYard(t, func(t *testing.T, y *yard) {
		lasting := files{}
		var all []*datastore.Snapshot
		most, copied := 0, int64(0)
		for gen := range 12 {
			n := byte(10 * gen)
			lasting[fmt.Sprint("lasts", gen)] = noise(700+gen, n)
			delete(lasting, fmt.Sprint("lasts", gen-7))
			f := files{"passing": noise(900, n+1), "passing, too": noise(950, n+2)}
			maps.Copy(f, lasting)
			all = append(all, y.commit("www", f))
			if gen%3 == 2 {
				y.forget(all[:2]...)
				all = all[2:]
				copied += collect(t, y.s, eager).BytesCopied
				y.requireFilesOf(y.s)
			}
			for _, name := range names(t, y.b, "packs/") {
				most = max(most, slots(t, y.b, name))
			}
		}
		require.Greater(t, copied, int64(5_000))
		if y.s.Encrypted() {
			require.Greater(t, most, 1, "one pack holds frames of several generations")
		} else {
			require.Zero(t, most)
		}
		y.requireWhole()

		for _, segment := range names(t, y.b, "index/") {
			require.NoError(t, y.b.Delete(t.Context(), segment))
		}
		s := open(t, y.b, y.o)
		broken, err := s.Rebuild(t.Context())
		require.NoError(t, err)
		require.Empty(t, broken)
		y.requireFilesOf(s)
		y.requireSettled()
	})
}

// A store that was opened before frames moved, and has not looked since, reads them where they are now.
func TestCollectBehindTheBackOfAReader(t *testing.T) {
	y, all := halfDead(t)
	reader := y.on(t, y.b)
	_, err := reader.Locate(t.Context(), []chunk.ID{all[1].Root})
	require.NoError(t, err)
	before := names(t, y.b, "packs/")
	for range 2 {
		require.Positive(t, collect(t, y.on(t, y.b), eager).PacksRemoved)
		y.commit("more", files{"m": noise(900, 201), "n": noise(900, byte(len(y.want)))})
		y.forget(list(t, y.s, datastore.Filter{Name: "more"})...)
	}
	require.NotSubset(t, names(t, y.b, "packs/"), before)
	y.requireFilesOf(reader)
}

// slots returns how many sealed keys a pack has, without checking who signed it.
func slots(t testing.TB, b backend.Backend, object string) int {
	t.Helper()
	data := readObject(t, b, object)
	footer, err := pack.ParseFooter(data[len(data)-pack.FooterSize:], int64(len(data)))
	require.NoError(t, err)
	r := wire.NewReader(data[len(data)-pack.FooterSize-footer.Trailer:])
	r.U8("version")
	r.U8("kind")
	r.Bytes("name", 128)
	n := r.Count("number of slots", 4096, 1)
	require.NoError(t, r.Err())
	return n
}

// Only what holds nothing at all that is needed goes where nothing may be copied.
func TestCollectThatNeverCopies(t *testing.T) {
	y, all := halfDead(t)
	c := collect(t, y.s, datastore.CollectOptions{Probed: true, MinDead: 1.5})
	require.Zero(t, c.BytesCopied)
	require.Positive(t, c.PacksRemoved)
	y.requireWhole()

	c = collect(t, y.s, sure)
	require.Positive(t, c.BytesCopied, "what was left is half dead")
	y.requireWhole()
	y.forget(all[1])
	y.requireSettled()
}

// MinDead is the share from which on a pack is emptied.
func TestCollectMinDead(t *testing.T) {
	y := newYard(t)
	f := files{}
	for k := range 8 {
		f[fmt.Sprint(k)] = noise(800, byte(k))
	}
	first := y.commit("www", f)
	gone := f["7"]
	delete(f, "7")
	y.want[first.ID] = nil
	last := y.commit("www", f)
	y.forget(first)
	content := packOf(t, y.s, store(t, y.s, "probe", gone)[0]) // knows it and adds a tree only
	for _, sn := range list(t, y.s, datastore.Filter{}) {
		if sn.ID != last.ID {
			forget(t, y.s, sn)
		}
	}
	collect(t, y.s, datastore.CollectOptions{Probed: true, MinDead: 0.2})
	require.Contains(t, names(t, y.b, "packs/"), content, "an eighth is not a fifth")
	collect(t, y.s, datastore.CollectOptions{Probed: true, MinDead: 0.1})
	require.NotContains(t, names(t, y.b, "packs/"), content)
	y.requireSettled()
}

// Many small packs of a kind are joined, and joined ones are left alone.
func TestCollectJoinsSmallPacks(t *testing.T) {
	eachYard(t, func(t *testing.T, y *yard) {
		for n := range 20 {
			y.commit(fmt.Sprint("w", n), files{"a": noise(300+n, byte(n))})
		}
		require.GreaterOrEqual(t, len(names(t, y.b, "packs/")), 40)
		plan, err := y.s.PlanCollection(t.Context(), sure)
		require.NoError(t, err)
		c := collect(t, y.s, sure)
		require.Equal(t, plan.BytesFreed, c.BytesFreed())
		require.EqualValues(t, 40, c.PacksRemoved)
		require.Zero(t, c.ChunksRemoved)
		require.Less(t, len(names(t, y.b, "packs/")), 10)
		y.requireWhole()
		y.requireSettled()
	})
}
