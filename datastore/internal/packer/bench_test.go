package packer

import (
	"context"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/datastore/internal/pack"
)

// BenchmarkAdd packs chunks of 64 KiB of which half does not compress.
func BenchmarkAdd(b *testing.B) {
	for _, sealed := range []bool{false, true} {
		b.Run(fmt.Sprintf("sealed=%t", sealed), func(b *testing.B) {
			r := start(b, sealed, func(o *Options) {
				o.FrameSize, o.SoloSize, o.PackSize = 1<<20, 128<<10, 16<<20
				o.Put = func(context.Context, string, []byte) error { return nil }
				o.Done = func(Pack) error { return nil }
			})
			items := make([]Item, 64) // more than a frame holds, so that no frame repeats itself
			for i := range items {
				items[i] = item(2*i+1, 64<<10)
				clear(items[i].Data[32<<10:])
			}
			b.SetBytes(64 << 10)
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				require.NoError(b, r.Add(pack.Content, items[i%len(items)]))
			}
			require.NoError(b, r.Flush())
		})
	}
}
