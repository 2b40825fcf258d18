package packer

import (
	"context"
	"math/rand/v2"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/chunk"
	"github.com/heirloom-backup/heirloom/datastore/internal/pack"
)

func BenchmarkPack(b *testing.B) {
	codec, err := chunk.NewCodec(chunk.CodecOptions{})
	require.NoError(b, err)
	p := New(context.Background(), Options{Codec: codec, FrameSize: 1 << 20, SoloSize: 128 << 10, PackSize: 16 << 20, Workers: 2, Uploads: 2,
		NewName: func() string { return "x" },
		Put:     func(ctx context.Context, name string, data []byte) error { return nil },
		Done:    func(Pack) error { return nil }})
	defer p.Close()
	data := make([]byte, 64<<10)
	r := rand.NewChaCha8([32]byte{})
	r.Read(data[:32<<10])
	b.SetBytes(int64(len(data)))
	var n uint64
	var mu sync.Mutex
	_ = mu
	for b.Loop() {
		n++
		var id chunk.ID
		id[0], id[1], id[2] = byte(n), byte(n>>8), byte(n>>16)
		require.NoError(b, p.Add(pack.Content, Item{ID: id, Data: data}))
	}
	require.NoError(b, p.Flush())
}
