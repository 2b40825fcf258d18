package verify_test

import (
	"math/rand/v2"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/heirloom-backup/heirloom/chunk"
	"github.com/heirloom-backup/heirloom/datastore"
	"github.com/heirloom-backup/heirloom/datastore/backend"
	"github.com/heirloom-backup/heirloom/datastore/backend/backendtest"
	"github.com/heirloom-backup/heirloom/datastore/backend/dirstore"
	"github.com/heirloom-backup/heirloom/datastore/backend/mem"
	"github.com/heirloom-backup/heirloom/datastore/backup"
	"github.com/heirloom-backup/heirloom/datastore/backup/source"
	"github.com/heirloom-backup/heirloom/datastore/verify"
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

// pieceSize is the size of every chunk: large enough for a frame of its own, so that damage hits one chunk alone.
const pieceSize = 256 << 10

func create(t testing.TB, b backend.Backend) *datastore.Store {
	t.Helper()
	p := chunk.Params{Algorithm: chunk.Fixed, Min: pieceSize, Average: pieceSize, Max: pieceSize}
	o := datastore.CreateOptions{Splitters: datastore.Splitters{Content: p, Image: p}}
	require.NoError(t, datastore.Create(t.Context(), b, o))
	return open(t, b, datastore.Options{})
}

func open(t testing.TB, b backend.Backend, o datastore.Options) *datastore.Store {
	t.Helper()
	s, err := datastore.Open(t.Context(), b, o)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	return s
}

func noise(n int, seed byte) []byte {
	p := make([]byte, n)
	_, _ = rand.NewChaCha8([32]byte{seed}).Read(p) // never fails
	return p
}

func file(data []byte, second int64) *fstest.MapFile {
	return &fstest.MapFile{Data: data, Mode: 0o644, ModTime: time.Unix(second, 0)}
}

// tree is a folder with a large file of five chunks, and one with so many that it has nodes of its own.
func tree() fstest.MapFS {
	return fstest.MapFS{
		"docs/big":   file(noise(4*pieceSize+100, 1), 1),
		"docs/small": file([]byte("small"), 1),
		"long/film":  file(noise(20*pieceSize, 2), 1),
		"long/note":  file([]byte("first"), 1),
	}
}

func save(t testing.TB, s *datastore.Store, name string, fsys fstest.MapFS) *datastore.Snapshot {
	t.Helper()
	res, err := backup.Run(t.Context(), s, source.FS("data", fsys), backup.Options{Group: datastore.Group{Name: name}})
	require.NoError(t, err)
	return res.Snapshot
}

func run(t testing.TB, s *datastore.Store, o verify.Options) *verify.Report {
	t.Helper()
	r, err := verify.Run(t.Context(), s, o)
	require.NoError(t, err)
	return r
}

// packs returns the objects that hold trees, or those that hold content, oldest first as far as known says so.
func packs(t testing.TB, b backend.Backend, trees bool, known ...string) []string {
	t.Helper()
	s := open(t, b, datastore.Options{})
	names, err := s.Packs(t.Context())
	require.NoError(t, err)
	var found []string
	for _, name := range names {
		rep, err := s.CheckPack(t.Context(), name)
		require.NoError(t, err)
		if rep.Trees == trees && !contains(known, rep.Object) {
			found = append(found, rep.Object)
		}
	}
	return found
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}

func readObject(t testing.TB, b backend.Backend, name string) []byte {
	t.Helper()
	data, err := backend.ReadAll(t.Context(), b, name, 1<<30)
	require.NoError(t, err)
	return data
}

func replace(t testing.TB, b backend.Backend, name string, data []byte) {
	t.Helper()
	require.NoError(t, b.Delete(t.Context(), name))
	require.NoError(t, b.Put(t.Context(), name, data))
}

func flip(t testing.TB, b backend.Backend, name string, at int) {
	t.Helper()
	data := readObject(t, b, name)
	data[at] ^= 0xff
	replace(t, b, name, data)
}

func object(t testing.TB, b backend.Backend, prefix, suffix string) string {
	t.Helper()
	names, err := backend.Names(t.Context(), b, prefix)
	require.NoError(t, err)
	for _, name := range names {
		if len(name) > len(suffix) && name[len(name)-len(suffix):] == suffix {
			return name
		}
	}
	t.Fatalf("no object %s…%s", prefix, suffix)
	return ""
}
