package packer

import (
	"context"
	"crypto/sha256"
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/chunk"
	"github.com/heirloom-backup/heirloom/datastore/internal/pack"
	"github.com/heirloom-backup/heirloom/internal/benchdata"
)

// BenchmarkAdd goes all the way from chunks to the bytes of a pack: collect, compress, seal, decode and compare, place.
// The packs are dropped.
func BenchmarkAdd(b *testing.B) {
	const total = 8 << 20 // bytes, more than a frame holds, so that no frame repeats itself
	for _, data := range []struct {
		name  string
		bytes []byte
		chunk int
	}{
		{"source", benchdata.Text(total, 1), 8 << 10},
		{"image", benchdata.Image(total, 1), 64 << 10},
		{"random", benchdata.Random(total, 1), 128 << 10},
	} {
		items := fresh(data.bytes, data.chunk)
		for _, sealed := range []bool{false, true} {
			b.Run(fmt.Sprintf("%s/sealed=%t", data.name, sealed), func(b *testing.B) { benchmarkAdd(b, items, sealed) })
		}
	}
}

// fresh cuts data into chunks of one size and leaves out those that were there before, as a session does.
func fresh(data []byte, size int) (items []Item) {
	seen := map[chunk.ID]bool{}
	for part := range slices.Chunk(data, size) {
		id := chunk.ID(sha256.Sum256(part))
		if !seen[id] {
			seen[id] = true
			items = append(items, Item{ID: id, Data: part})
		}
	}
	return items
}

func benchmarkAdd(b *testing.B, items []Item, sealed bool) {
	const atOnce = 16 // chunks in a call
	var stored, plain int64
	for _, it := range items {
		plain += int64(len(it.Data))
	}
	r := start(b, sealed, func(o *Options) {
		o.FrameSize, o.SoloSize, o.PackSize = 1<<20, 256<<10, 16<<20
		o.Put = func(context.Context, string, []byte) error { return nil }
		o.Done = func(p Pack) error { stored += p.Size; return nil }
	})
	b.SetBytes(plain)
	b.ReportAllocs()
	for b.Loop() {
		for batch := range slices.Chunk(items, atOnce) {
			require.NoError(b, r.Add(pack.Content, batch...))
		}
		require.NoError(b, r.Flush())
	}
	b.ReportMetric(float64(stored)/float64(plain)/float64(b.N), "stored/plain")
}
