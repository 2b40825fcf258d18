package datastore_test

import (
	"context"
	"encoding/binary"
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/chunk"
	"github.com/heirloom-backup/heirloom/datastore"
	"github.com/heirloom-backup/heirloom/datastore/backend"
	"github.com/heirloom-backup/heirloom/datastore/backend/mem"
	"github.com/heirloom-backup/heirloom/datastore/tree"
)

// sink is a backend that forgets packs, so that a benchmark may put without end.
type sink struct{ *mem.Backend }

func (s sink) Put(ctx context.Context, name string, data []byte) error {
	if len(data) > 1<<20 {
		return nil
	}
	return s.Backend.Put(ctx, name, data)
}

// BenchmarkPut puts batches of 1 MiB in chunks of several sizes, new ones and known ones.
func BenchmarkPut(b *testing.B) {
	const batch = 1 << 20
	for _, size := range []int{1 << 10, 16 << 10, 128 << 10, 512 << 10} {
		for _, known := range []bool{false, true} {
			b.Run(fmt.Sprintf("%dKiB/known=%v", size>>10, known), func(b *testing.B) {
				chunks := slices.Collect(slices.Chunk(noise(batch, 1), size))
				ids := make([]chunk.ID, len(chunks))
				var storage backend.Backend = sink{mem.New()}
				if known {
					storage = mem.New()
				}
				s := create(b, storage)
				if known { // in the catalog, not only pending
					w := begin(b, s)
					require.NoError(b, w.Put(b.Context(), chunks, ids))
					_, err := w.Commit(b.Context(), draft("known", put(b, w, files{})))
					require.NoError(b, err)
					require.NoError(b, w.Close())
				}
				w := begin(b, s)
				defer w.Close()
				b.SetBytes(batch)
				var n uint64
				for b.Loop() {
					if !known {
						n++
						for _, p := range chunks {
							binary.LittleEndian.PutUint64(p, n)
						}
					}
					if err := w.Put(b.Context(), chunks, ids); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

func BenchmarkFetch(b *testing.B) {
	data := noise(32<<20, 1)
	s := create(b, mem.New())
	ids := store(b, s, "www", data)
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		err := s.Fetch(b.Context(), ids, func(_ int, _ []byte, err error) error { return err })
		if err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkNode walks a folder of 10,000 files; a new store has read nothing of it yet.
func BenchmarkNode(b *testing.B) {
	storage := mem.New()
	f := files{}
	for n := range 10_000 {
		f[fmt.Sprintf("%05d", n)] = fmt.Appendf(nil, "file %d", n)
	}
	sn := commit(b, create(b, storage), "www", f)
	for b.Loop() {
		s, err := datastore.Open(b.Context(), storage, datastore.Options{})
		require.NoError(b, err)
		root, err := tree.Root(b.Context(), s.Node, sn.Root)
		require.NoError(b, err)
		n := 0
		for _, err := range tree.Entries(b.Context(), s.Node, root.Tree) {
			require.NoError(b, err)
			n++
		}
		require.Equal(b, len(f), n)
		require.NoError(b, s.Close())
	}
}

// BenchmarkOpen opens a store and reads what a program needs before it knows what is in it: the list of packs.
func BenchmarkOpen(b *testing.B) {
	for name, c := range map[string]struct {
		storage *mem.Backend
		options datastore.Options
	}{
		"plain":     {plainStore(b), datastore.Options{}},
		"encrypted": {encrypted().Clone(), datastore.Options{Passphrase: passphrase}},
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				s, err := datastore.Open(b.Context(), c.storage, c.options)
				require.NoError(b, err)
				_, err = s.Packs(b.Context())
				require.NoError(b, err)
				require.NoError(b, s.Close())
			}
		})
	}
}

func plainStore(b *testing.B) *mem.Backend {
	storage := mem.New()
	require.NoError(b, datastore.Create(b.Context(), storage, datastore.CreateOptions{}))
	return storage
}

// BenchmarkCommit ends a session: packs, index, manifest, promise and record. The chunks are new, small and many, so that
// the index is what takes time; without any it is what an unchanged run costs at least.
func BenchmarkCommit(b *testing.B) {
	for _, count := range []int{0, 100_000} {
		b.Run(fmt.Sprintf("chunks=%d", count), func(b *testing.B) {
			storage := plainStore(b)
			commit(b, open(b, storage, datastore.Options{}), "www", files{"a": noise(1<<10, 1)})
			chunks := slices.Collect(slices.Chunk(noise(count*32, 2), 32))
			b.ReportAllocs()
			for b.Loop() {
				b.StopTimer()
				s, err := datastore.Open(b.Context(), storage.Clone(), datastore.Options{})
				require.NoError(b, err)
				w := begin(b, s)
				require.NoError(b, w.Put(b.Context(), chunks, make([]chunk.ID, count)))
				root := put(b, w, files{"a": noise(1<<10, 1)})
				b.StartTimer()
				_, err = w.Commit(b.Context(), draft("www", root))
				require.NoError(b, err)
				require.NoError(b, w.Close())
				require.NoError(b, s.Close())
			}
			if count > 0 {
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*count), "ns/chunk")
			}
		})
	}
}

// BenchmarkSnapshots lists the manifests of a thousand snapshots, in a store opened anew: each is read and checked.
func BenchmarkSnapshots(b *testing.B) {
	const snapshots = 1000
	storage := plainStore(b)
	s := open(b, storage, datastore.Options{})
	w := begin(b, s)
	root := put(b, w, files{"a": []byte("a")})
	for i := range snapshots {
		_, err := w.Commit(b.Context(), draft(fmt.Sprintf("www%d", i%10), root))
		require.NoError(b, err)
	}
	require.NoError(b, w.Close())
	b.ReportAllocs()
	for b.Loop() {
		s, err := datastore.Open(b.Context(), storage, datastore.Options{})
		require.NoError(b, err)
		n := 0
		for _, err := range s.Snapshots(b.Context(), datastore.Filter{}) {
			require.NoError(b, err)
			n++
		}
		require.Equal(b, snapshots, n)
		require.NoError(b, s.Close())
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*snapshots), "ns/snapshot")
}
