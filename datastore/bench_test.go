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
