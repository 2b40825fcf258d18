package datastore_test

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/datastore"
	"github.com/heirloom-backup/heirloom/datastore/backend"
	"github.com/heirloom-backup/heirloom/datastore/backend/backendtest"
	"github.com/heirloom-backup/heirloom/datastore/backend/mem"
)

func usage(t testing.TB, s *datastore.Store) datastore.Usage {
	t.Helper()
	u, err := s.Usage(t.Context())
	require.NoError(t, err)
	return u
}

func TestUsageOfAnEmptyStore(t *testing.T) {
	b := mem.New()
	u := usage(t, create(t, b))
	require.Equal(t, datastore.Usage{BytesUsed: int64(len(readObject(t, b, "heirloom.json"))), Free: -1}, u)
	require.Zero(t, u.DedupRatio())
	require.Zero(t, u.CompressionRatio())
}

// Two snapshots of the same 100,000 bytes: 50 pieces of noise and 50 equal ones of text.
func TestUsageByHand(t *testing.T) {
	eachBackend(t, func(t *testing.T, b backend.Backend) {
		s := create(t, b)
		f := files{"noise": noise(50*pieceSize, 1), "text": bytes.Repeat([]byte("abcdefghij"), 50*pieceSize/10)}
		for _, name := range []string{"one", "two"} {
			w := begin(t, s)
			d := draft(name, put(t, w, f))
			d.BytesSource = 100 * pieceSize
			_, err := w.Commit(t.Context(), d)
			require.NoError(t, err)
			require.NoError(t, w.Close())
		}
		u := usage(t, s)
		require.Equal(t, int64(2), u.Snapshots)
		require.Equal(t, int64(2), u.Packs)
		require.Equal(t, int64(200*pieceSize), u.BytesSource)
		require.Equal(t, int64(51+4), u.Chunks, "50 + 1 pieces; two files' nodes, folder, root")
		trees := u.BytesUnique - 51*pieceSize
		require.Greater(t, trees, int64(0))
		require.Less(t, trees, int64(2000))
		require.InDelta(t, 200.0/51, u.DedupRatio(), 0.2)
		require.InDelta(t, 1, u.CompressionRatio(), 0.15, "noise does not compress, and IDs take room")
		require.Greater(t, u.BytesUsed, u.BytesPacked)
		again := usage(t, open(t, b, datastore.Options{}))
		again.Free = u.Free // others use the disk, too
		require.Equal(t, u, again)
	})
}

// A chunk in two packs counts once.
func TestUsageCountsCopiesOnce(t *testing.T) {
	b := mem.New()
	s := create(t, b)
	store(t, s, "www", noise(5000, 1))
	before := usage(t, s)
	secondCopy(t, b, noise(5000, 1))
	after := usage(t, s)
	require.Equal(t, before.Chunks, after.Chunks)
	require.Equal(t, before.BytesUnique, after.BytesUnique)
	require.Equal(t, 2*before.Packs, after.Packs)
}

// Rebuild needs nothing but the packs.
func TestRebuild(t *testing.T) {
	b, cache := mem.New(), t.TempDir()
	require.NoError(t, datastore.Create(t.Context(), b, datastore.CreateOptions{}))
	s := open(t, b, datastore.Options{CacheDir: cache})
	for n := range 12 {
		commit(t, s, "w", sessionFiles(n))
	}
	for _, name := range names(t, b, "index/") {
		require.NoError(t, b.Delete(t.Context(), name))
	}
	for _, s := range []*datastore.Store{s, open(t, b, datastore.Options{}), open(t, b, datastore.Options{CacheDir: cache})} {
		broken, err := s.Rebuild(t.Context())
		require.NoError(t, err)
		require.Empty(t, broken)
		for n, sn := range list(t, s, datastore.Filter{}) {
			requireFiles(t, s, sn.Root, sessionFiles(n))
		}
	}
	require.Len(t, tables(t, cache), 1)
	requireWarm(t, b, cache)
}

func TestRebuildNamesDamage(t *testing.T) {
	b := mem.New()
	s := create(t, b)
	ids := store(t, s, "www", noise(5000, 1))
	bad := packOf(t, s, ids[0])
	flip(t, b, bad, len(readObject(t, b, bad))-30) // in the trailer
	broken, err := s.Rebuild(t.Context())
	require.NoError(t, err)
	require.Contains(t, broken, bad)
	got, err := fetch(t, s, ids)
	require.NoError(t, err)
	got.require(t, noise(5000, 1)) // a segment has a copy of the trailer
}

// Index segments are hints: damaged or lost, the packs' own trailers say the same.
func TestIndexSegmentsThatAreNoGood(t *testing.T) {
	for name, harm := range map[string]func(t *testing.T, b *mem.Backend, segment string){
		"lost":    func(t *testing.T, b *mem.Backend, s string) { require.NoError(t, b.Delete(t.Context(), s)) },
		"emptied": func(t *testing.T, b *mem.Backend, s string) { replace(t, b, s, nil) },
		"flipped": func(t *testing.T, b *mem.Backend, s string) { flip(t, b, s, 40) },
		"cut off": func(t *testing.T, b *mem.Backend, s string) { replace(t, b, s, readObject(t, b, s)[:50]) },
	} {
		t.Run(name, func(t *testing.T) {
			b := mem.New()
			sn := commit(t, create(t, b), "www", oldFiles)
			for _, segment := range names(t, b, "index/") {
				harm(t, b, segment)
			}
			f := backendtest.New(b)
			s := open(t, f, datastore.Options{})
			requireFiles(t, s, sn.Root, oldFiles)
			require.Equal(t, name != "lost", len(s.Broken()) == 1, "%v", s.Broken())
			w := begin(t, s)
			put(t, w, oldFiles)
			require.Zero(t, w.Stats().ChunksNew)
			require.NoError(t, w.Close())
		})
	}
}

// A pack that was cut off is not relied on: the next backup stores its chunks again.
func TestTruncatedPackIsNotReliedOn(t *testing.T) {
	b := mem.New()
	s := create(t, b)
	ids := store(t, s, "www", noise(5000, 1))
	bad := packOf(t, s, ids[0])
	replace(t, b, bad, readObject(t, b, bad)[:2000])
	for name, s := range map[string]*datastore.Store{"opened before": s, "opened after": open(t, b, datastore.Options{})} {
		w := begin(t, s)
		put(t, w, files{"a": noise(5000, 1)})
		require.Equal(t, int64(5), w.Stats().ChunksNew, name)
		require.NoError(t, w.Close())
	}
}
