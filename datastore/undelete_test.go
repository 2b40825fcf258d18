package datastore_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/datastore"
	"github.com/heirloom-backup/heirloom/datastore/backend"
	"github.com/heirloom-backup/heirloom/datastore/backend/backendtest"
)

// findPruned returns the removed snapshot with an address.
func findPruned(t testing.TB, s *datastore.Store, a datastore.Address) *datastore.Snapshot {
	t.Helper()
	gone, err := s.FindPruned(t.Context(), a)
	require.NoError(t, err)
	return gone
}

// back brings a snapshot back that was removed.
func (y *yard) back(sn *datastore.Snapshot, f files) *datastore.Snapshot {
	y.t.Helper()
	back, err := y.s.Undelete(y.t.Context(), findPruned(y.t, y.s, sn.Address()))
	require.NoError(y.t, err)
	y.want[back.ID] = f
	return back
}

// What comes back is the snapshot that was removed, but for its ID.
func TestUndeleteBringsBackWhatWasRemoved(t *testing.T) {
	eachYard(t, func(t *testing.T, y *yard) {
		f := files{"a": noise(2500, 1), "b": noise(900, 2)}
		w := begin(t, y.s)
		d := draft("www", put(t, w, f))
		d.Job, d.Files, d.BytesSource = "nightly", 2, 3400
		d.Details = datastore.Details{Host: "alpha", Sources: []string{"/srv"}, Tags: map[string]string{"k": "v"}}
		sn, err := w.Commit(t.Context(), d)
		require.NoError(t, err)
		require.NoError(t, w.Close())
		require.NoError(t, y.s.Forget(t.Context(), sn, "mistake"))
		require.Empty(t, list(t, y.s, datastore.Filter{}))
		gone := findPruned(t, y.s, sn.Address())
		require.Equal(t, sn.ID, gone.ID)
		puts := packBytes(t, y.b)
		back := y.back(sn, f)

		require.Equal(t, puts, packBytes(t, y.b), "nothing is stored again")
		found, err := y.on(t, y.b).Find(t.Context(), sn.Address())
		require.NoError(t, err)
		require.True(t, found.Promised)
		require.Equal(t, back.ID, found.ID)
		require.NotEqual(t, sn.ID, found.ID)
		want, err := y.s.Find(t.Context(), datastore.Address{Group: sn.Group})
		require.NoError(t, err)
		require.Equal(t, back.ID, want.ID)
		require.Equal(t, []any{sn.Job, sn.Mode, sn.Root, sn.Stats, sn.Details, sn.Started.UTC(), sn.ChainBase, sn.Generation},
			[]any{found.Job, found.Mode, found.Root, found.Stats, found.Details, found.Started.UTC(), found.ChainBase, found.Generation})

		st := state(t, y.on(t, y.b))
		removal, is := st.Removal(sn)
		require.True(t, is)
		require.Equal(t, "mistake", removal.Reason)
		_, is = st.Removal(back)
		require.False(t, is)
		require.Empty(t, st.Vanished(map[string]bool{back.ID: true}))
		require.Empty(t, names(t, y.b, "pruned/"))
		y.requireWhole()

		_, err = y.s.Undelete(t.Context(), gone)
		require.ErrorIs(t, err, datastore.ErrSnapshotExists)
		_, err = y.s.FindPruned(t.Context(), sn.Address())
		require.ErrorIs(t, err, datastore.ErrNoSnapshot)
		y.requireSettled()

		y.forget(back)
		again := y.back(sn, f)
		require.NotEqual(t, back.ID, again.ID)
		y.requireSettled()
	})
}

// Chunks that a collection has condemned, and not deleted yet, are copied.
func TestUndeleteOfWhatIsCondemned(t *testing.T) {
	y, all := halfDead(t)
	f := backendtest.New(y.b)
	f.CrashAfter(backend.KindPut, "condemned/", 1)
	_, err := y.on(t, f).Collect(t.Context(), sure)
	require.ErrorIs(t, err, backendtest.ErrCrashed)
	condemned := condemnedPacks(t, y.b)
	require.NotEmpty(t, condemned)

	y.s = y.on(t, y.b)
	before := packBytes(t, y.b)
	y.back(all[2], files{"own": noise(900, 20), "kept": noise(800, 21), "same": noise(700, 200)})
	require.Greater(t, packBytes(t, y.b), before, "what is condemned was copied")
	y.requireWhole()
	c := collect(t, y.on(t, y.b), sure)
	require.GreaterOrEqual(t, c.PacksRemoved, int64(len(condemned)))
	y.requireSettled()
}

// When chunks are gone it is too late, and nothing is left of the attempt.
func TestUndeleteTooLate(t *testing.T) {
	y, all := halfDead(t)
	gone := findPruned(t, y.s, all[0].Address())
	require.Positive(t, collect(t, y.on(t, y.b), sure).PacksRemoved)
	before := objects(t, y.b)
	_, err := y.s.Undelete(t.Context(), gone)
	require.ErrorIs(t, err, datastore.ErrTooLate)
	require.ErrorContains(t, err, gone.String())
	for name := range objects(t, y.b) {
		if before[name] == "" {
			require.Contains(t, name, "packs/", "only nodes that were saved before the end was seen")
		}
	}
	_, err = y.s.FindPruned(t.Context(), all[0].Address())
	require.ErrorIs(t, err, datastore.ErrNoSnapshot)
	y.requireSettled()
}

// A copy is kept as long as its snapshot can be brought back: while packs wait, and while others need its chunks.
func TestPrunedCopiesAreKeptAsLongAsTheyAreGood(t *testing.T) {
	y := newYard(t)
	shared := files{"a": noise(900, 1)}
	one, alone := y.commit("www", shared), y.commit("db", files{"b": noise(900, 2)})
	y.commit("www", shared) // the same tree
	y.forget(one, alone)
	w := begin(t, y.on(t, y.b))
	require.Positive(t, collect(t, y.s, sure).BytesPending)
	require.Len(t, names(t, y.b, "pruned/"), 2, "its packs wait")
	require.NoError(t, w.Close())
	require.Positive(t, collect(t, y.s, sure).PacksRemoved)
	require.Len(t, names(t, y.b, "pruned/"), 1)
	_, err := y.s.FindPruned(t.Context(), alone.Address())
	require.ErrorIs(t, err, datastore.ErrNoSnapshot)
	y.back(one, shared)
	y.requireWhole()
}

// A copy whose promise is still there shows that the manifest has not vanished, and stays with it.
func TestPrunedCopyStaysWithItsPromise(t *testing.T) {
	y := newYard(t)
	sn := y.commit("www", files{"a": noise(900, 1)})
	promise := promiseFor(manifestOf(t, y.b, sn))
	f := backendtest.New(y.b)
	f.CrashBefore(backend.KindDelete, promise, 1)
	require.ErrorIs(t, y.on(t, f).Forget(t.Context(), sn, "test"), backendtest.ErrCrashed)
	delete(y.want, sn.ID)
	require.Positive(t, collect(t, y.on(t, hiding{y.b, promise}), sure).PacksRemoved)
	require.Len(t, names(t, y.b, "pruned/"), 1)
	collect(t, y.on(t, y.b), sure)
	require.Empty(t, names(t, y.b, "snapshots/"), "the removal was brought to its end")
	require.Empty(t, names(t, y.b, "pruned/"))
	y.requireSettled()
}

// A removal that came as far as its record is one: undelete brings the snapshot back.
func TestUndeleteAfterARemovalThatWasInterrupted(t *testing.T) {
	for name, kind := range map[string]backend.Kind{"before the manifest went": backend.KindPut, "before the promise went": backend.KindDelete} {
		t.Run(name, func(t *testing.T) {
			y := newYard(t)
			f := files{"a": noise(900, 1)}
			sn := y.commit("www", f)
			faulty := backendtest.New(y.b)
			faulty.CrashAfter(kind, map[backend.Kind]string{backend.KindPut: "ledger/", backend.KindDelete: "snapshots/"}[kind], 1)
			require.ErrorIs(t, y.on(t, faulty).Forget(t.Context(), sn, "test"), backendtest.ErrCrashed)
			delete(y.want, sn.ID)
			require.Empty(t, list(t, y.s, datastore.Filter{}))
			y.back(sn, f)
			y.requireFilesOf(y.on(t, y.b))
			collect(t, y.on(t, y.b), sure)
			y.requireWhole()
			y.requireSettled()
		})
	}
}

// An undelete that fails at any of its writes leaves a store in which it can be done again.
func TestUndeleteThatWasInterrupted(t *testing.T) {
	for nth, crashed := 1, true; crashed; nth++ {
		y := newYard(t)
		f := files{"a": noise(900, 1)}
		sn := y.commit("www", f)
		y.forget(sn)
		faulty := backendtest.New(y.b)
		faulty.CrashAfter(backendtest.Write, "", nth)
		s := y.on(t, faulty)
		_, err := s.Undelete(t.Context(), findPruned(t, s, sn.Address()))
		crashed = faulty.Crashed()
		if crashed && err == nil {
			require.GreaterOrEqual(t, nth, 4, "manifest, promise and record are there")
		}
		y.s = y.on(t, y.b)
		found := list(t, y.s, datastore.Filter{})
		if len(found) == 0 {
			for _, half := range list(t, y.s, datastore.Filter{Unfinished: true}) {
				forget(t, y.s, half)
			}
			y.back(sn, f)
		} else {
			require.Len(t, found, 1)
			y.want[found[0].ID] = f
		}
		y.requireFilesOf(y.s)
		y.requireSettled()
	}
}

// A snapshot that was brought back is there after the records that say so are gone into a checkpoint.
func TestUndeleteOutlivesItsRecords(t *testing.T) {
	y := newYard(t)
	y.o.Now = steps()
	y.s = y.on(t, y.b)
	f := files{"a": noise(900, 1)}
	sn := y.commit("www", f)
	require.NoError(t, y.s.Forget(t.Context(), sn, "mistake"))
	delete(y.want, sn.ID)
	back := y.back(sn, f)
	onlyCheckpoints(t, y, back)
	st := state(t, y.on(t, y.b))
	require.Empty(t, st.Vanished(map[string]bool{back.ID: true}))
	require.Len(t, st.Vanished(nil), 1)
	removal, is := st.Removal(sn)
	require.True(t, is)
	require.Equal(t, "mistake", removal.Reason)
	collect(t, y.on(t, y.b), sure)
	y.requireFilesOf(y.on(t, y.b))
}

// Pruned lists what was removed, by the same filters as what is there.
func TestPruned(t *testing.T) {
	y := newYard(t)
	var all []*datastore.Snapshot
	for n, g := range []datastore.Group{
		{Kind: datastore.Dataset, Name: "www"}, {Kind: datastore.Dataset, Name: "db"},
		{Namespace: "office", Kind: datastore.Dataset, Name: "www"}, {Namespace: "office", Kind: datastore.Image, Name: "www"},
		{Kind: datastore.Dataset, Name: "www"},
	} {
		w := begin(t, y.s)
		d := draft("", put(t, w, files{"a": noise(300, byte(n))}))
		d.Group, d.Job = g, []string{"nightly", "weekly"}[n%2]
		sn, err := w.Commit(t.Context(), d)
		require.NoError(t, err)
		require.NoError(t, w.Close())
		all = append(all, sn)
	}
	stays := y.commit("www", files{"stays": noise(300, 9)})
	forget(t, y.s, all...)
	office := "office"
	for name, test := range map[string]struct {
		f    datastore.Filter
		want []int
	}{
		"all":           {datastore.Filter{}, []int{0, 1, 2, 3, 4}},
		"root":          {datastore.Filter{Namespace: new(string)}, []int{0, 1, 4}},
		"namespace":     {datastore.Filter{Namespace: &office}, []int{2, 3}},
		"kind":          {datastore.Filter{Kind: datastore.Image}, []int{3}},
		"name":          {datastore.Filter{Name: "www"}, []int{0, 2, 3, 4}},
		"group":         {datastore.Filter{Namespace: new(string), Kind: datastore.Dataset, Name: "www"}, []int{0, 4}},
		"job":           {datastore.Filter{Job: "weekly"}, []int{1, 3}},
		"nothing there": {datastore.Filter{Name: "mail"}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			var got, want []string
			for sn, err := range y.on(t, y.b).Pruned(t.Context(), test.f) {
				require.NoError(t, err)
				got = append(got, sn.ID)
			}
			for _, n := range test.want {
				want = append(want, all[n].ID)
			}
			require.ElementsMatch(t, want, got)
		})
	}
	latest := findPruned(t, y.s, datastore.Address{Group: group("www")})
	require.Equal(t, all[4].ID, latest.ID, "without a time the latest is meant")
	for _, a := range []datastore.Address{stays.Address(), {Group: group("www"), Time: all[0].Time.Add(time.Hour)}, {Group: group("mail")}} {
		_, err := y.s.FindPruned(t.Context(), a)
		require.ErrorIs(t, err, datastore.ErrNoSnapshot)
	}
}

// A copy that is damaged is an error of its own, and keeps nobody from another snapshot of the group.
func TestFindPrunedBesideADamagedCopy(t *testing.T) {

	y := newYard(t)
	one, two := y.commit("www", files{"a": noise(300, 1)}), y.commit("www", files{"b": noise(300, 2)})
	y.forget(one, two)
	flip(t, y.b, names(t, y.b, "pruned/")[0], 20)
	_, err := y.s.FindPruned(t.Context(), two.Address())
	require.NoError(t, err)
	_, err = y.s.FindPruned(t.Context(), one.Address())
	require.ErrorAs(t, err, new(*datastore.ManifestError))
}

// What a removal has begun and a hold has stopped is not listed as removed.
func TestPrunedIsWhatWasRemoved(t *testing.T) {
	y := newYard(t)
	sn := y.commit("www", files{"a": noise(300, 1)})
	f := backendtest.New(y.b)
	f.CrashAfter(backend.KindPut, "pruned/", 1)
	require.ErrorIs(t, y.on(t, f).Forget(t.Context(), sn, "test"), backendtest.ErrCrashed)
	for range y.on(t, y.b).Pruned(t.Context(), datastore.Filter{}) {
		require.Fail(t, "it is not removed")
	}
	_, err := y.s.FindPruned(t.Context(), sn.Address())
	require.ErrorIs(t, err, datastore.ErrNoSnapshot)
}
