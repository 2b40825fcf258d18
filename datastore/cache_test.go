package datastore_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"github.com/heirloom-backup/heirloom/datastore"
	"github.com/heirloom-backup/heirloom/datastore/backend"
	"github.com/heirloom-backup/heirloom/datastore/backend/backendtest"
	"github.com/heirloom-backup/heirloom/datastore/backend/mem"
)

// sessionFiles differ from session to session in one file and share another.
func sessionFiles(n int) files {
	return files{"own": fmt.Appendf(nil, "session %d", n), "shared": noise(3000, 1)}
}

// tables returns the files of the cache.
func tables(t testing.TB, cache string) []string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(cache, "*", "index", "*.table"))
	require.NoError(t, err)
	return found
}

// requireWarm says that a store opened on this cache asks the storage for no index segment and no trailer.
func requireWarm(t *testing.T, b backend.Backend, cache string) {
	t.Helper()
	f := backendtest.New(b)
	s := open(t, f, datastore.Options{CacheDir: cache})
	_, err := s.Packs(t.Context())
	require.NoError(t, err)
	require.Zero(t, f.Count(backendtest.Get, "index/"))
	require.Zero(t, f.Count(backendtest.Get, "packs/"))
}

func TestCacheSparesReadingTheIndex(t *testing.T) {
	b, cache := mem.New(), t.TempDir()
	require.NoError(t, datastore.Create(t.Context(), b, datastore.CreateOptions{}))
	commit(t, open(t, b, datastore.Options{CacheDir: cache}), "www", oldFiles)
	require.NotEmpty(t, tables(t, cache))
	requireWarm(t, b, cache)
}

// Sessions at the same time, in one store and in several that share one cache as processes do.
func TestSessionsAtTheSameTime(t *testing.T) {
	for name, stores := range map[string]int{"one store": 1, "two stores, one cache": 2} {
		t.Run(name, func(t *testing.T) {
			b, cache := mem.New(), t.TempDir()
			require.NoError(t, datastore.Create(t.Context(), b, datastore.CreateOptions{}))
			var open2 []*datastore.Store
			for range stores {
				open2 = append(open2, open(t, b, datastore.Options{CacheDir: cache}))
			}
			var group errgroup.Group
			for n := range 24 {
				group.Go(func() error {
					s := open2[n%stores]
					sn := commit(t, s, fmt.Sprint("w", n), sessionFiles(n))
					requireFiles(t, open2[(n+1)%stores], sn.Root, sessionFiles(n))
					return nil
				})
			}
			require.NoError(t, group.Wait())
			s := open(t, b, datastore.Options{CacheDir: cache})
			all := list(t, s, datastore.Filter{})
			require.Len(t, all, 24)
			for _, sn := range all {
				var n int
				_, err := fmt.Sscanf(sn.Name, "w%d", &n)
				require.NoError(t, err)
				requireFiles(t, s, sn.Root, sessionFiles(n))
			}
			leftovers, err := filepath.Glob(filepath.Join(cache, "*", "index", "new-*"))
			require.NoError(t, err)
			require.Empty(t, leftovers)
		})
	}
}

// Many sessions leave many small tables: they are merged, and every lookup stays right.
func TestManySessionsInTwoStoresOnOneCache(t *testing.T) {
	const sessions = 150
	b, cache := mem.New(), t.TempDir()
	require.NoError(t, datastore.Create(t.Context(), b, datastore.CreateOptions{}))
	stores := []*datastore.Store{open(t, b, datastore.Options{CacheDir: cache}), open(t, b, datastore.Options{CacheDir: cache})}
	for n := range sessions {
		w := begin(t, stores[n%2])
		root := put(t, w, sessionFiles(n))
		require.LessOrEqual(t, w.Stats().ChunksNew, int64(6), "the shared file is known from the second session on")
		_, err := w.Commit(t.Context(), draft(fmt.Sprint("w", n), root))
		require.NoError(t, err)
		require.NoError(t, w.Close())
	}
	for _, s := range append(stores, open(t, b, datastore.Options{CacheDir: cache})) {
		for n, sn := range list(t, s, datastore.Filter{}) {
			if n%10 == 0 {
				requireFiles(t, s, sn.Root, filesOf(t, sn))
			}
		}
	}
	require.Less(t, len(tables(t, cache)), 20, "they are merged")
	requireWarm(t, b, cache)
}

func filesOf(t testing.TB, sn *datastore.Snapshot) files {
	t.Helper()
	var n int
	_, err := fmt.Sscanf(sn.Name, "w%d", &n)
	require.NoError(t, err)
	return sessionFiles(n)
}

// The cache may be anything at any time: nothing but speed depends on it.
func TestCacheThatIsNoGood(t *testing.T) {
	for name, harm := range map[string]func(t *testing.T, cache string){
		"deleted":         func(t *testing.T, cache string) { require.NoError(t, os.RemoveAll(cache)) },
		"emptied":         func(t *testing.T, cache string) { eachTable(t, cache, func([]byte) []byte { return nil }) },
		"cut off":         func(t *testing.T, cache string) { eachTable(t, cache, func(p []byte) []byte { return p[:len(p)-10] }) },
		"entries damaged": func(t *testing.T, cache string) { eachTable(t, cache, func(p []byte) []byte { p[10] ^= 1; return p }) },
		"frames damaged": func(t *testing.T, cache string) {
			eachTable(t, cache, func(p []byte) []byte { p[4096+5] ^= 1; return p })
		},
		"footer damaged": func(t *testing.T, cache string) {
			eachTable(t, cache, func(p []byte) []byte { p[len(p)-1] ^= 1; return p })
		},
		"a file is in its place": func(t *testing.T, cache string) {
			require.NoError(t, os.RemoveAll(cache))
			require.NoError(t, os.WriteFile(cache, []byte("no folder"), 0o600))
		},
		"something else lies there": func(t *testing.T, cache string) {
			dirs, err := filepath.Glob(filepath.Join(cache, "*", "index"))
			require.NoError(t, err)
			require.NoError(t, os.WriteFile(filepath.Join(dirs[0], "x.table"), noise(10_000, 9), 0o600))
		},
	} {
		for _, when := range []string{"before it is opened", "while it is open"} {
			t.Run(name+" "+when, func(t *testing.T) {
				b, cache := mem.New(), filepath.Join(t.TempDir(), "cache")
				require.NoError(t, datastore.Create(t.Context(), b, datastore.CreateOptions{}))
				s := open(t, b, datastore.Options{CacheDir: cache})
				sn := commit(t, s, "old", oldFiles)
				harm(t, cache)
				if when == "before it is opened" {
					s = open(t, b, datastore.Options{CacheDir: cache})
				}
				requireFiles(t, s, sn.Root, oldFiles)
				requireFiles(t, s, commit(t, s, "new", newFiles).Root, newFiles)
			})
		}
	}
}

// eachTable rewrites the cached tables in place, as damage does.
func eachTable(t *testing.T, cache string, change func([]byte) []byte) {
	t.Helper()
	require.NotEmpty(t, tables(t, cache))
	for _, path := range tables(t, cache) {
		data, err := os.ReadFile(path)
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(path, change(data), 0o600))
	}
}

// A cache that cannot be written to is read, and what is new is kept in memory.
func TestCacheThatIsReadOnly(t *testing.T) {
	if os.Geteuid() == 0 {
		t.Skip("root may write everywhere")
	}
	b, cache := mem.New(), t.TempDir()
	require.NoError(t, datastore.Create(t.Context(), b, datastore.CreateOptions{}))
	commit(t, open(t, b, datastore.Options{CacheDir: cache}), "old", oldFiles)
	dir := filepath.Dir(tables(t, cache)[0])
	require.NoError(t, os.Chmod(dir, 0o500))
	t.Cleanup(func() { require.NoError(t, os.Chmod(dir, 0o700)) })
	requireWarm(t, b, cache)
	s := open(t, b, datastore.Options{CacheDir: cache})
	requireFiles(t, s, commit(t, s, "new", newFiles).Root, newFiles)
}

// A store that cannot be written to lists and reads.
func TestReadOnlyStore(t *testing.T) {
	b := mem.New()
	sn := commit(t, create(t, b), "old", oldFiles)
	s := open(t, backend.ReadOnly(b), datastore.Options{})
	require.Len(t, list(t, s, datastore.Filter{}), 1)
	requireFiles(t, s, sn.Root, oldFiles)
	_, err := s.Begin(t.Context(), datastore.SessionOptions{})
	require.ErrorIs(t, err, backend.ErrReadOnly)
}
