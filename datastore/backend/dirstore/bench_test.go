package dirstore_test

import (
	"fmt"
	"io"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"
)

func BenchmarkPut(b *testing.B) {
	for name, size := range map[string]int{"1KiB": 1 << 10, "16MiB": 16 << 20} {
		b.Run(name, func(b *testing.B) {
			store, _ := create(b)
			data := make([]byte, size)
			b.SetBytes(int64(size))
			i := 0
			for b.Loop() {
				object := fmt.Sprintf("packs/%02x/%d", i%16, i)
				require.NoError(b, store.Put(b.Context(), object, data))
				b.StopTimer()
				require.NoError(b, store.Delete(b.Context(), object))
				b.StartTimer()
				i++
			}
		})
	}
}

// BenchmarkPutPacks puts packs as a session does, two at the same time, each synced to disk.
func BenchmarkPutPacks(b *testing.B) {
	const size, atOnce = 16 << 20, 2
	store, _ := create(b)
	data := make([]byte, size)
	b.SetBytes(size)
	b.ReportAllocs()
	var group errgroup.Group
	group.SetLimit(atOnce)
	for i := 0; b.Loop(); i++ {
		name := fmt.Sprintf("packs/%02x/%d", i%16, i)
		group.Go(func() error {
			if err := store.Put(b.Context(), name, data); err != nil {
				return err
			}
			return store.Delete(b.Context(), name) // or a long run fills the disk
		})
	}
	require.NoError(b, group.Wait())
}

func BenchmarkPut1KiBParallel(b *testing.B) {
	store, _ := create(b)
	data := make([]byte, 1<<10)
	b.SetBytes(int64(len(data)))
	var group errgroup.Group
	group.SetLimit(16)
	i := 0
	for b.Loop() {
		name := fmt.Sprintf("packs/%02x/%d", i%16, i)
		group.Go(func() error { return store.Put(b.Context(), name, data) })
		i++
	}
	require.NoError(b, group.Wait())
}

func BenchmarkGet1MiBRange(b *testing.B) {
	const length = 1 << 20
	store, _ := create(b)
	require.NoError(b, store.Put(b.Context(), "packs/ab/1", make([]byte, 16*length)))
	buffer := make([]byte, length)
	b.SetBytes(length)
	for b.Loop() {
		r, err := store.Get(b.Context(), "packs/ab/1", 5*length+123, length)
		require.NoError(b, err)
		_, err = io.ReadFull(r, buffer)
		require.NoError(b, err)
		require.NoError(b, r.Close())
	}
}

func BenchmarkList10000(b *testing.B) {
	const objects = 10_000
	store, _ := create(b)
	var group errgroup.Group
	group.SetLimit(64)
	for i := range objects {
		group.Go(func() error { return store.Put(b.Context(), fmt.Sprintf("packs/%02x/%d", i%256, i), nil) })
	}
	require.NoError(b, group.Wait())
	for b.Loop() {
		seen := 0
		for _, err := range store.List(b.Context(), "packs/") {
			require.NoError(b, err)
			seen++
		}
		require.Equal(b, objects, seen)
	}
}
