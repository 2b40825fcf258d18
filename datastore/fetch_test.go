package datastore_test

import (
	"context"
	"errors"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/chunk"
	"github.com/heirloom-backup/heirloom/datastore"
	"github.com/heirloom-backup/heirloom/datastore/backend"
	"github.com/heirloom-backup/heirloom/datastore/backend/backendtest"
	"github.com/heirloom-backup/heirloom/datastore/backend/mem"
	"github.com/heirloom-backup/heirloom/datastore/tree"
)

// store puts chunks and a snapshot that refers to them, and returns their IDs.
func store(t testing.TB, s *datastore.Store, name string, data []byte) []chunk.ID {
	t.Helper()
	sn := commit(t, s, name, files{"a": data})
	root, err := tree.Root(t.Context(), s.Node, sn.Root)
	require.NoError(t, err)
	e, ok, err := tree.Find(t.Context(), s.Node, root.Tree, "a")
	require.NoError(t, err)
	require.True(t, ok)
	var ids []chunk.ID
	for x, err := range tree.Extents(t.Context(), s.Node, &e, 0) {
		require.NoError(t, err)
		ids = append(ids, x.ID)
	}
	return ids
}

// fetched collects what Fetch hands out.
type fetched struct {
	mu   sync.Mutex
	data map[int]string
	errs map[int]error
}

func fetch(t testing.TB, s *datastore.Store, ids []chunk.ID) (*fetched, error) {
	t.Helper()
	f := &fetched{data: map[int]string{}, errs: map[int]error{}}
	err := s.Fetch(t.Context(), ids, func(i int, data []byte, err error) error {
		f.mu.Lock()
		defer f.mu.Unlock()
		if _, twice := f.data[i]; twice || f.errs[i] != nil {
			return errors.New("an index was handed out twice")
		}
		if err != nil {
			f.errs[i] = err
		} else {
			f.data[i] = string(data)
		}
		return nil
	})
	return f, err
}

func (f *fetched) require(t testing.TB, want []byte) {
	t.Helper()
	require.Empty(t, f.errs)
	for i, p := range pieces(want) {
		require.Equal(t, string(p), f.data[i], "chunk %d", i)
	}
}

// packOf returns the name of the only content pack's object.
func packOf(t testing.TB, s *datastore.Store, id chunk.ID) string {
	t.Helper()
	places, err := s.Locate(t.Context(), []chunk.ID{id})
	require.NoError(t, err)
	require.NotEmpty(t, places[0].Pack)
	return "packs/" + places[0].Pack[:2] + "/" + places[0].Pack
}

func TestFetchManyAndSomeTwice(t *testing.T) {
	eachBackend(t, func(t *testing.T, b backend.Backend) {
		data := noise(3<<20+17, 1) // more frames than one span holds
		s := create(t, b)
		ids := store(t, s, "www", data)
		got, err := fetch(t, open(t, b, datastore.Options{}), ids)
		require.NoError(t, err)
		got.require(t, data)

		twice := []chunk.ID{ids[7], ids[7], ids[2000], ids[7]}
		got, err = fetch(t, s, twice)
		require.NoError(t, err)
		p := pieces(data)
		require.Equal(t, map[int]string{0: string(p[7]), 1: string(p[7]), 2: string(p[2000]), 3: string(p[7])}, got.data)

		_, err = fetch(t, s, nil)
		require.NoError(t, err)
	})
}

// secondCopy stores data once more, in packs of its own, as a collector does that moves it.
func secondCopy(t *testing.T, b *mem.Backend, data []byte) {
	w := &world{t: t, inside: b}
	record := w.condemn(w.packs()...)
	store(t, open(t, b, datastore.Options{}), "copy", data)
	require.NoError(t, b.Delete(t.Context(), record))
}

func TestFetchTakesTheGoodCopy(t *testing.T) {
	b := mem.New()
	s := create(t, b)
	data := noise(5000, 1)
	ids := store(t, s, "www", data)
	bad := packOf(t, s, ids[0])
	secondCopy(t, b, data)
	flip(t, b, bad, 100)
	for name, s := range map[string]*datastore.Store{"known copies": open(t, b, datastore.Options{}), "old listing": s} {
		got, err := fetch(t, s, ids)
		require.NoError(t, err, name)
		got.require(t, data)
	}
}

func TestFetchNamesDamage(t *testing.T) {
	b := mem.New()
	s := create(t, b)
	ids := store(t, s, "www", noise(5000, 1))
	pack := packOf(t, s, ids[0])
	absent := chunk.ID{1}

	before := func(f *backendtest.Faulty) int { return f.Count(backendtest.List, "packs/") }
	f := backendtest.New(b)
	s = open(t, f, datastore.Options{})
	got, err := fetch(t, s, []chunk.ID{ids[0], absent, ids[1]})
	require.NoError(t, err)
	require.Len(t, got.data, 2)
	requireDamage(t, got.errs[1], absent, datastore.Missing)
	require.Equal(t, 3, before(f), "one listing at first, and two refreshes")

	flip(t, b, pack, 100)
	got, err = fetch(t, s, ids[:1])
	require.NoError(t, err)
	requireDamage(t, got.errs[0], ids[0], datastore.Corrupt)
	require.ErrorContains(t, got.errs[0], pack[len("packs/00/"):])

	require.NoError(t, b.Delete(t.Context(), pack))
	got, err = fetch(t, s, ids[:1])
	require.NoError(t, err)
	requireDamage(t, got.errs[0], ids[0], datastore.Missing)
}

func requireDamage(t *testing.T, err error, id chunk.ID, why datastore.Damage) {
	t.Helper()
	damage := (*datastore.ChunkError)(nil)
	require.ErrorAs(t, err, &damage)
	require.Equal(t, id, damage.ID)
	require.Equal(t, why, damage.Reason)
}

// A reader whose listing is old finds what a collector has moved, contents and nodes alike.
func TestReaderFollowsWhatWasMoved(t *testing.T) {
	w := newWorld(t)
	sn := list(t, w.store, datastore.Filter{Name: "old"})[0]
	requireFiles(t, w.store, sn.Root, oldFiles) // its catalog is of now
	reader := open(t, w.inside, datastore.Options{})
	_, err := reader.Packs(t.Context())
	require.NoError(t, err)
	moveOld(w)
	requireFiles(t, w.store, sn.Root, oldFiles)
	requireFiles(t, reader, sn.Root, oldFiles)
}

func TestFetchWhenTheStorageFails(t *testing.T) {
	b := mem.New()
	ids := store(t, create(t, b), "www", noise(50_000, 1))
	for name, fault := range map[string]func(f *backendtest.Faulty){
		"records": func(f *backendtest.Faulty) { f.Fail(backendtest.List, "condemned/", 1, nil) },
		"packs":   func(f *backendtest.Faulty) { f.FailAfter(backendtest.List, "packs/", 1, nil) },
		"index":   func(f *backendtest.Faulty) { f.Fail(backendtest.Get, "index/", 1, nil) },
		"a pack":  func(f *backendtest.Faulty) { f.Fail(backendtest.Get, "packs/", 1, nil) },
	} {
		t.Run(name, func(t *testing.T) {
			f := backendtest.New(b)
			s := open(t, f, datastore.Options{})
			fault(f)
			got, err := fetch(t, s, ids)
			require.ErrorIs(t, err, backendtest.ErrInjected)
			require.False(t, errors.As(err, new(*datastore.ChunkError)))
			require.Empty(t, got.errs, "it is no answer about a chunk")
			_, err = fetch(t, s, ids)
			require.NoError(t, err, "and passes")
		})
	}
}

func TestNodeWhenTheStorageFails(t *testing.T) {
	b := mem.New()
	sn := commit(t, create(t, b), "www", oldFiles)
	f := backendtest.New(b)
	s := open(t, f, datastore.Options{})
	f.Fail(backendtest.Get, "packs/", backendtest.Every, nil)
	_, err := s.Node(t.Context(), sn.Root)
	require.ErrorIs(t, err, backendtest.ErrInjected)
	require.False(t, errors.As(err, new(*datastore.ChunkError)))
	f.Heal()
	requireFiles(t, s, sn.Root, oldFiles)
}

func TestNodeNamesDamage(t *testing.T) {
	b := mem.New()
	s := create(t, b)
	sn := commit(t, s, "www", oldFiles)
	_, err := s.Node(t.Context(), chunk.ID{1})
	requireDamage(t, err, chunk.ID{1}, datastore.Missing)
	pack := packOf(t, s, sn.Root)
	flip(t, b, pack, 3)
	_, err = open(t, b, datastore.Options{}).Node(t.Context(), sn.Root)
	requireDamage(t, err, sn.Root, datastore.Corrupt)
	require.NoError(t, b.Delete(t.Context(), pack))
	_, err = open(t, b, datastore.Options{}).Node(t.Context(), sn.Root)
	requireDamage(t, err, sn.Root, datastore.Missing)
}

func TestFetchStopsWhenItsCallerFails(t *testing.T) {
	s := create(t, mem.New())
	ids := store(t, s, "www", noise(100_000, 1))
	enough := errors.New("enough")
	err := s.Fetch(t.Context(), ids, func(int, []byte, error) error { return enough })
	require.ErrorIs(t, err, enough)
	err = s.Fetch(t.Context(), []chunk.ID{{1}}, func(_ int, _ []byte, err error) error { return enough })
	require.ErrorIs(t, err, enough, "also of a missing one")
}

// Canceled while a read hangs: Fetch returns at once, and nothing it started stays behind (see TestMain).
func TestFetchStopsWhenCanceled(t *testing.T) {
	b := mem.New()
	ids := store(t, create(t, b), "www", noise(100_000, 1))
	f := backendtest.New(b)
	s := open(t, f, datastore.Options{})
	_, err := s.Packs(t.Context())
	require.NoError(t, err)
	gate := f.Hold(backendtest.Get, "packs/", backendtest.Every)
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		_ = gate.Reached(t.Context()) // a call that never comes shows as the test's timeout
		cancel()
	}()
	err = s.Fetch(ctx, ids, func(int, []byte, error) error { return nil })
	require.ErrorIs(t, err, context.Canceled)
}

// What is not read again is copied out of packs that may not be relied on, whole trees at a time.
func TestRelyTreeRescuesOutOfCondemnedPacks(t *testing.T) {
	w := newWorld(t)
	sn := list(t, w.store, datastore.Filter{Name: "old"})[0]
	w.condemn(w.old...)
	s := begin(t, w.store)
	ok, err := s.RelyTree(t.Context(), sn.Root)
	require.NoError(t, err)
	require.True(t, ok)
	_, err = s.Commit(t.Context(), draft("new", sn.Root))
	require.NoError(t, err)
	require.NoError(t, s.Close())
	w.want["new"] = oldFiles
	w.sweep()
	w.requirePromises("new")
}

func TestRelyOnWhatIsGone(t *testing.T) {
	w := newWorld(t)
	sn := list(t, w.store, datastore.Filter{Name: "old"})[0]
	ids := store(t, open(t, w.inside, datastore.Options{}), "more", oldFiles["a"])
	w.remove("", w.packs()...)
	s := begin(t, w.store)
	defer s.Close()
	for range 2 {
		ok, err := s.Rely(t.Context(), ids)
		require.NoError(t, err)
		require.False(t, ok)
		ok, err = s.RelyTree(t.Context(), sn.Root)
		require.NoError(t, err)
		require.False(t, ok)
	}
}
