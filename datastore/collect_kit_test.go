package datastore_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/datastore"
	"github.com/heirloom-backup/heirloom/datastore/backend"
	"github.com/heirloom-backup/heirloom/datastore/backend/mem"
	"github.com/heirloom-backup/heirloom/datastore/internal/pack"
)

// sure is a collection of a storage that is known to be fit: its calls are those of the collection alone.
var sure = datastore.CollectOptions{Probed: true}

// yard is a store in memory with small packs, and what its snapshots must hold.
type yard struct {
	t    testing.TB
	b    *mem.Backend
	o    datastore.Options
	s    *datastore.Store
	want map[string]files // by the id of a snapshot that must be there
}

func newYard(t testing.TB) *yard {
	b := mem.New()
	require.NoError(t, datastore.Create(t.Context(), b, datastore.CreateOptions{}))
	return newYardOn(t, b, small)
}

func newYardOn(t testing.TB, b *mem.Backend, o datastore.Options) *yard {
	return &yard{t: t, b: b, o: o, s: open(t, b, o), want: map[string]files{}}
}

// eachYard runs a test in a store without encryption and in one with.
func eachYard(t *testing.T, test func(t *testing.T, y *yard)) {
	t.Run("plain", func(t *testing.T) { test(t, newYard(t)) })
	t.Run("encrypted", func(t *testing.T) {
		o := small
		o.Passphrase = passphrase
		test(t, newYardOn(t, encrypted().Clone(), o))
	})
}

// on is the same store on another backend: a clone of the storage, or faults around it. On its own storage an encrypted
// one is not opened again each time: that costs a key derivation.
func (y *yard) on(t testing.TB, b backend.Backend) *datastore.Store {
	if y.s.Encrypted() && b == backend.Backend(y.b) {
		return y.s
	}
	return open(t, b, y.o)
}

// clone is a store of its own that holds the same.
func (y *yard) clone(t testing.TB) *yard {
	return &yard{t: t, b: y.b.Clone(), o: y.o, s: y.s, want: y.want}
}

func (y *yard) commit(name string, f files) *datastore.Snapshot {
	y.t.Helper()
	sn := commit(y.t, y.s, name, f)
	y.want[sn.ID] = f
	return sn
}

func (y *yard) forget(list ...*datastore.Snapshot) {
	y.t.Helper()
	forget(y.t, y.s, list...)
	for _, sn := range list {
		delete(y.want, sn.ID)
	}
}

// halfDead has four snapshots; of the packs that hold those one is dead, and others are half.
func halfDead(t testing.TB) (*yard, []*datastore.Snapshot) {
	y := newYard(t)
	var all []*datastore.Snapshot
	for i := range 4 {
		n := byte(10 * i)
		all = append(all, y.commit("www", files{"own": noise(900, n), "kept": noise(800, n+1), "same": noise(700, 200)}))
	}
	y.commit("rest", files{"a": noise(800, 1), "b": noise(800, 21), "c": noise(600, 99)})
	y.forget(all[0], all[2], all[3])
	return y, all
}

// requireWhole opens the store anew: what must be there is, bit for bit, and nothing else; every pack is sound.
func (y *yard) requireWhole() {
	y.t.Helper()
	s := y.on(y.t, y.b)
	y.requireFilesOf(s)
	y.requireSound(s)
}

// requireFilesOf reads all snapshots through a store.
func (y *yard) requireFilesOf(s *datastore.Store) {
	y.t.Helper()
	found := list(y.t, s, datastore.Filter{})
	require.Len(y.t, found, len(y.want))
	for _, sn := range found {
		require.Contains(y.t, y.want, sn.ID)
		requireFiles(y.t, s, sn.Root, y.want[sn.ID])
	}
}

// requireSound checks every object as a verification does.
func (y *yard) requireSound(s *datastore.Store) {
	y.t.Helper()
	bad, err := s.CheckObjects(y.t.Context())
	require.NoError(y.t, err)
	require.Empty(y.t, bad)
	packs, err := s.Packs(y.t.Context())
	require.NoError(y.t, err)
	for _, name := range packs {
		report, err := s.CheckPack(y.t.Context(), name)
		require.NoError(y.t, err)
		require.NoError(y.t, report.Damage)
		require.Positive(y.t, report.Chunks)
	}
}

// requireSettled collects with nobody else there: nothing is left of what nothing needs.
func (y *yard) requireSettled() {
	y.t.Helper()
	s := y.on(y.t, y.b)
	collect(y.t, s, datastore.CollectOptions{Probed: true, FenceAll: true})
	for _, prefix := range []string{"condemned/", "waits/", "sessions/", "beats/"} {
		require.Empty(y.t, names(y.t, y.b, prefix))
	}
	require.Zero(y.t, *collect(y.t, s, sure), "a second run finds something to do")
	y.requireWhole()
}

// objects returns the names and contents of all objects.
func objects(t testing.TB, b backend.Backend) map[string]string {
	t.Helper()
	all := map[string]string{}
	for _, name := range names(t, b, "") {
		all[name] = string(readObject(t, b, name))
	}
	return all
}

// trailer returns the trailer of a pack in a store without encryption.
func trailer(t testing.TB, b backend.Backend, object string) *pack.Trailer {
	t.Helper()
	data := readObject(t, b, object)
	size := int64(len(data))
	footer, err := pack.ParseFooter(data[size-pack.FooterSize:], size)
	require.NoError(t, err)
	end := len(data) - pack.FooterSize
	tr, err := footer.Open(data[end-footer.Trailer:end], object[strings.LastIndexByte(object, '/')+1:], size, nil)
	require.NoError(t, err)
	return tr
}

// manifestOf returns the name of a snapshot's manifest.
func manifestOf(t testing.TB, b backend.Backend, sn *datastore.Snapshot) string {
	t.Helper()
	all := names(t, b, "snapshots/")
	i := slices.IndexFunc(all, func(name string) bool { return strings.HasSuffix(name, sn.ID+".json") })
	require.GreaterOrEqual(t, i, 0)
	return all[i]
}

func promiseFor(manifest string) string { return strings.TrimSuffix(manifest, ".json") + ".ok" }
