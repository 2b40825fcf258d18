package datastore_test

import (
	"bytes"
	"context"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/heirloom-backup/heirloom/chunk"
	"github.com/heirloom-backup/heirloom/datastore"
	"github.com/heirloom-backup/heirloom/datastore/backend"
	"github.com/heirloom-backup/heirloom/datastore/backend/backendtest"
	"github.com/heirloom-backup/heirloom/datastore/backend/dirstore"
	"github.com/heirloom-backup/heirloom/datastore/backend/mem"
	"github.com/heirloom-backup/heirloom/datastore/tree"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// eachBackend runs a test over memory, a folder, and the fault injector without faults.
func eachBackend(t *testing.T, test func(t *testing.T, b backend.Backend)) {
	t.Run("memory", func(t *testing.T) { test(t, mem.New()) })
	t.Run("folder", func(t *testing.T) {
		b, err := dirstore.Open(t.TempDir(), dirstore.Options{})
		require.NoError(t, err)
		t.Cleanup(func() { require.NoError(t, b.Close()) })
		test(t, b)
	})
	t.Run("fault injector", func(t *testing.T) { test(t, backendtest.New(mem.New())) })
}

var passphrase = []byte("correct horse")

// encrypted is an empty encrypted store. Each test takes a clone: making one costs a key derivation.
var encrypted = sync.OnceValue(func() *mem.Backend {
	b := mem.New()
	err := datastore.Create(context.Background(), b,
		datastore.CreateOptions{Encrypt: true, Passphrase: passphrase, Label: "first"})
	if err != nil {
		panic(err)
	}
	return b
})

// create makes a store without encryption and opens it.
func create(t testing.TB, b backend.Backend) *datastore.Store {
	t.Helper()
	require.NoError(t, datastore.Create(t.Context(), b, datastore.CreateOptions{}))
	return open(t, b, datastore.Options{})
}

func open(t testing.TB, b backend.Backend, o datastore.Options) *datastore.Store {
	t.Helper()
	s, err := datastore.Open(t.Context(), b, o)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	return s
}

func begin(t testing.TB, s *datastore.Store) *datastore.Session {
	t.Helper()
	w, err := s.Begin(t.Context(), datastore.SessionOptions{})
	require.NoError(t, err)
	return w
}

// noise returns n bytes that do not compress, the same for the same seed.
func noise(n int, seed byte) []byte {
	p := make([]byte, n)
	_, _ = rand.NewChaCha8([32]byte{seed}).Read(p) // never fails
	return p
}

// files are what a snapshot holds in its only folder.
type files map[string][]byte

const pieceSize = 1000 // bytes: of the chunks that the tests cut, so that a small file has a node of its own

// put stores files and returns the root of a snapshot of them.
func put(t testing.TB, w *datastore.Session, f files) chunk.ID {
	t.Helper()
	ctx := t.Context()
	b := tree.NewDirBuilder(w.PutNode)
	for _, name := range f.names() {
		e := tree.Entry{Name: name, Type: tree.File}
		fb := tree.NewFileBuilder(w.PutNode)
		for piece := range slices.Chunk(f[name], pieceSize) {
			ids := make([]chunk.ID, 1)
			require.NoError(t, w.Put(ctx, [][]byte{piece}, ids))
			require.NoError(t, fb.Add(ctx, tree.Extent{ID: ids[0], Length: int64(len(piece))}))
		}
		require.NoError(t, fb.Finish(ctx, &e))
		require.NoError(t, b.Add(ctx, &e))
	}
	dir, err := b.Finish(ctx)
	require.NoError(t, err)
	root, err := tree.PutRoot(ctx, w.PutNode, &tree.Entry{Name: "data", Type: tree.Dir, Tree: dir})
	require.NoError(t, err)
	return root
}

func (f files) names() []string {
	var names []string
	for name := range f {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// pieces returns the chunks that put makes of a file.
func pieces(data []byte) [][]byte { return slices.Collect(slices.Chunk(data, pieceSize)) }

func group(name string) datastore.Group {
	return datastore.Group{Kind: datastore.Dataset, Name: name}
}

func draft(name string, root chunk.ID) datastore.Draft {
	return datastore.Draft{Group: group(name), Root: root, Complete: true}
}

// commit saves files as a snapshot in a session of its own.
func commit(t testing.TB, s *datastore.Store, name string, f files) *datastore.Snapshot {
	t.Helper()
	w := begin(t, s)
	sn, err := w.Commit(t.Context(), draft(name, put(t, w, f)))
	require.NoError(t, err)
	require.NoError(t, w.Close())
	return sn
}

// requireFiles reads a whole snapshot and compares every byte.
func requireFiles(t testing.TB, s *datastore.Store, root chunk.ID, want files) {
	t.Helper()
	e, err := tree.Root(t.Context(), s.Node, root)
	require.NoError(t, err)
	got := files{}
	for e, err := range tree.Entries(t.Context(), s.Node, e.Tree) {
		require.NoError(t, err)
		got[e.Name] = readFile(t, s, &e)
	}
	require.Equal(t, want.names(), got.names())
	for name, data := range want {
		require.True(t, bytes.Equal(data, got[name]), "content of %s", name)
	}
}

func readFile(t testing.TB, s *datastore.Store, e *tree.Entry) []byte {
	t.Helper()
	var ids []chunk.ID
	var offsets []int64
	for x, err := range tree.Extents(t.Context(), s.Node, e, 0) {
		require.NoError(t, err)
		ids, offsets = append(ids, x.ID), append(offsets, x.Offset)
	}
	data := make([]byte, e.Size)
	err := s.Fetch(t.Context(), ids, func(i int, piece []byte, err error) error {
		copy(data[offsets[i]:], piece)
		return err
	})
	require.NoError(t, err)
	return data
}

func list(t testing.TB, s *datastore.Store, f datastore.Filter) []*datastore.Snapshot {
	t.Helper()
	var all []*datastore.Snapshot
	for sn, err := range s.Snapshots(t.Context(), f) {
		require.NoError(t, err)
		all = append(all, sn)
	}
	return all
}

// names returns the sorted names of the objects below prefix.
func names(t testing.TB, b backend.Backend, prefix string) []string {
	t.Helper()
	found, err := backend.Names(t.Context(), b, prefix)
	require.NoError(t, err)
	slices.Sort(found)
	return found
}

func readObject(t testing.TB, b backend.Backend, name string) []byte {
	t.Helper()
	data, err := backend.ReadAll(t.Context(), b, name, 1<<30)
	require.NoError(t, err)
	return data
}

// replace exchanges an object's bytes, as only damage can.
func replace(t testing.TB, b backend.Backend, name string, data []byte) {
	t.Helper()
	require.NoError(t, b.Delete(t.Context(), name))
	require.NoError(t, b.Put(t.Context(), name, data))
}

// flip inverts one byte of an object.
func flip(t testing.TB, b backend.Backend, name string, at int) {
	t.Helper()
	data := readObject(t, b, name)
	data[at] ^= 0xff
	replace(t, b, name, data)
}

// steps is a clock that goes on by a second each time it is asked.
func steps() func() time.Time {
	var mu sync.Mutex
	now := time.Date(2026, 11, 22, 2, 0, 0, 0, time.UTC)
	return func() time.Time {
		mu.Lock()
		defer mu.Unlock()
		now = now.Add(time.Second)
		return now
	}
}
