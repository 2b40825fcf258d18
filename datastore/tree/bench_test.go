package tree

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/chunk"
)

const benchEntries = 10_000

func BenchmarkDirBuilder(b *testing.B) {
	list := numbered(benchEntries)
	put := func(context.Context, Node) (chunk.ID, error) { return idOf(1), nil }
	b.ReportAllocs()
	for b.Loop() {
		_, err := build(b.Context(), put, list)
		require.NoError(b, err)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*benchEntries), "ns/entry")
}

func BenchmarkEntries(b *testing.B) {
	s := newNodes()
	id, err := build(b.Context(), s.put, numbered(benchEntries))
	require.NoError(b, err)
	b.ReportAllocs()
	for b.Loop() {
		for _, err := range Entries(b.Context(), s.get, id) {
			if err != nil {
				b.Fatal(err)
			}
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*benchEntries), "ns/entry")
}

func BenchmarkFind(b *testing.B) {
	s := newNodes()
	list := numbered(benchEntries)
	id, err := build(b.Context(), s.put, list)
	require.NoError(b, err)
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		if _, ok, err := Find(b.Context(), s.get, id, list[i%len(list)].Name); !ok || err != nil {
			b.Fatal(ok, err)
		}
	}
}

func BenchmarkFileBuilder(b *testing.B) {
	put := func(context.Context, Node) (chunk.ID, error) { return idOf(1), nil }
	file := NewFileBuilder(put)
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		if err := file.Add(b.Context(), Extent{ID: idOf(i), Length: 1 << 17}); err != nil {
			b.Fatal(err)
		}
	}
}
