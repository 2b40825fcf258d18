package pack_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/chunk"
	"github.com/heirloom-backup/heirloom/datastore/internal/pack"
)

func FuzzDecodeTrailer(f *testing.F) {
	key, writers := owner()
	f.Add(sample(pack.Content).Append(nil, nil))
	f.Add(sample(pack.Tree).Append(nil, nil))
	f.Add(sample(pack.Tree).Append(nil, key))
	f.Add((&pack.Trailer{Kind: pack.Content}).Append(nil, nil))
	f.Fuzz(func(t *testing.T, data []byte) {
		if got, err := pack.DecodeTrailer(data, nil); err == nil {
			checkTrailer(t, got)
			again, err := pack.DecodeTrailer(got.Append(nil, nil), nil)
			require.NoError(t, err)
			require.Equal(t, got, again)
		}
		if got, err := pack.DecodeTrailer(data, writers); err == nil {
			require.Equal(t, key.Writer(), got.Writer)
		}
	})
}

// checkTrailer checks what readers of packs rely on.
func checkTrailer(t *testing.T, tr *pack.Trailer) {
	end := uint32(0)
	for _, f := range tr.Frames {
		require.Equal(t, end, f.Offset)
		require.LessOrEqual(t, f.Stored, uint32(pack.MaxStored))
		require.LessOrEqual(t, f.Plain, uint32(pack.MaxPlain))
		require.LessOrEqual(t, f.Refs, uint32(pack.MaxRefs))
		require.LessOrEqual(t, int(f.Slot), len(tr.Slots))
		end += f.Stored
		var plain, refs uint64
		for _, c := range f.Chunks {
			plain += uint64(c.Length)
			refs += uint64(c.Refs)
		}
		require.Equal(t, uint64(f.Plain), plain)
		require.Equal(t, uint64(f.Refs), refs)
	}
	for _, f := range tr.Frames {
		require.Equal(t, end, f.RefsOffset)
		end += f.Refs
	}
	require.Equal(t, tr.DataSize(), int64(end))
}

func FuzzFooter(f *testing.F) {
	tr := sample(pack.Content)
	trailer := tr.Append(nil, nil)
	whole := pack.AppendFooter(append(make([]byte, tr.DataSize()), trailer...), trailer)
	f.Add(whole, tr.Name)
	f.Add(whole[300:], tr.Name)
	f.Add(pack.AppendFooter(nil, nil), "")
	f.Fuzz(func(t *testing.T, data []byte, name string) {
		size := int64(len(data))
		footer, err := pack.ParseFooter(data[max(size-pack.FooterSize, 0):], size)
		if err != nil {
			require.ErrorIs(t, err, pack.ErrDamaged)
			return
		}
		start := size - pack.FooterSize - int64(footer.Trailer)
		got, err := footer.Open(data[start:size-pack.FooterSize], name, size, nil)
		if err == nil {
			require.Equal(t, name, got.Name)
			require.Equal(t, start, got.DataSize())
			checkTrailer(t, got)
		}
	})
}

func FuzzDecodeSegment(f *testing.F) {
	f.Add([]byte("\x02\x05\x07trailer\x06\x00"))
	f.Add(pack.AppendSegment(nil, nil))
	f.Add(pack.AppendSegment(nil, []pack.Listed{{Size: 5, Trailer: []byte("trailer")}, {Size: 1 << 31}}))
	f.Fuzz(func(t *testing.T, data []byte) {
		if _, err := pack.DecodeSegment(data); err != nil {
			require.ErrorIs(t, err, pack.ErrDamaged)
		}
		// Few inputs have a right digest: what stands before it is tried with one, too.
		listed, err := pack.DecodeSegment(withDigest(data))
		if err != nil {
			require.ErrorIs(t, err, pack.ErrDamaged)
			return
		}
		again, err := pack.DecodeSegment(pack.AppendSegment(nil, listed))
		require.NoError(t, err)
		require.Equal(t, listed, again)
	})
}

func FuzzFrameDecode(f *testing.F) {
	codec, sealer := newCodec(f), chunk.NewSealer(chunk.Key{1})
	for _, plain := range [][]byte{{}, make([]byte, 1000), noise(100)} {
		for _, s := range []*chunk.Sealer{nil, sealer} {
			frame, stored := coded(codec, s, plain)
			f.Add(stored, frame.Plain, byte(frame.Compression), s != nil)
		}
	}
	var scratch pack.Scratch
	f.Fuzz(func(t *testing.T, stored []byte, plain uint32, compression byte, sealed bool) {
		frame := pack.Frame{Stored: uint32(len(stored)), Plain: plain % (1 << 16), Nonce: 5,
			Compression: chunk.Compression(compression % 2)}
		if sealed {
			frame.Slot = 1
		}
		got, err := frame.Decode(&scratch, codec, sealer, stored)
		if err != nil {
			require.ErrorIs(t, err, pack.ErrDamaged)
			return
		}
		require.Len(t, got, int(frame.Plain))
	})
}
