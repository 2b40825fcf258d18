package pack_test

import (
	"bytes"
	"encoding/binary"
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/heirloom-backup/heirloom/datastore/internal/pack"
	"github.com/heirloom-backup/heirloom/datastore/internal/sign"
	"github.com/heirloom-backup/heirloom/datastore/internal/wire"
	"github.com/heirloom-backup/heirloom/internal/alloctest"
)

// TestGoldenTrailer keeps trailers of released versions readable, and the encoding what it is.
func TestGoldenTrailer(t *testing.T) {
	key, writers := owner()
	for _, tc := range []struct {
		file    string
		kind    pack.Kind
		key     *sign.Key
		writers sign.Writers
	}{
		{"content.trailer", pack.Content, key, writers},
		{"tree.trailer", pack.Tree, key, writers},
		{"unsigned.trailer", pack.Content, nil, nil},
	} {
		t.Run(tc.file, func(t *testing.T) {
			want := sample(tc.kind)
			got, err := pack.DecodeTrailer(golden(t, tc.file, want.Append(nil, tc.key)), tc.writers)
			require.NoError(t, err)
			want.Writer = tc.key.Writer()
			want.Place()
			require.Equal(t, want, got)
		})
	}
}

func TestTrailerRoundTrip(t *testing.T) {
	key, writers := owner()
	rapid.Check(t, func(t *rapid.T) {
		want := trailers().Draw(t, "trailer")
		data := want.Append([]byte("before"), key)[len("before"):]
		got, err := pack.DecodeTrailer(data, writers)
		require.NoError(t, err)
		want.Writer = key.Writer()
		want.Place()
		require.Equal(t, want, got)
		require.Equal(t, data, got.Append(nil, key))
	})
}

func TestPlace(t *testing.T) {
	tr := sample(pack.Tree)
	tr.Place()
	require.Equal(t, []uint32{0, 300, 370}, []uint32{tr.Frames[0].Offset, tr.Frames[1].Offset, tr.Frames[2].Offset})
	require.Equal(t, []uint32{370, 440, 440}, []uint32{tr.Frames[0].RefsOffset, tr.Frames[1].RefsOffset, tr.Frames[2].RefsOffset})
	require.Equal(t, int64(440), tr.DataSize())
}

func TestTrailerTruncatedOrFlipped(t *testing.T) {
	key, writers := owner()
	for _, kind := range []pack.Kind{pack.Content, pack.Tree} {
		data := sample(kind).Append(nil, key)
		for n := range data {
			_, err := pack.DecodeTrailer(data[:n], writers)
			require.Error(t, err, "cut off after %d bytes", n)
			bad := bytes.Clone(data)
			bad[n] ^= 1 << (n % 8)
			_, err = pack.DecodeTrailer(bad, writers)
			require.Error(t, err, "byte %d flipped", n)
		}
		_, err := pack.DecodeTrailer(append(data, 0), writers)
		require.ErrorIs(t, err, pack.ErrDamaged)
	}
}

func TestTrailerForged(t *testing.T) {
	key, writers := owner()
	tr := sample(pack.Content)
	for name, tc := range map[string]struct {
		data    []byte
		writers sign.Writers
	}{
		"a stranger's":               {tr.Append(nil, sign.NewKey("stranger", make([]byte, 32))), writers},
		"another seed":               {tr.Append(nil, sign.NewKey(key.Writer(), make([]byte, 32))), writers},
		"unsigned in encrypted":      {tr.Append(nil, nil), writers},
		"signed in one without keys": {tr.Append(nil, key), nil},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := pack.DecodeTrailer(tc.data, tc.writers)
			require.ErrorIs(t, err, sign.ErrForged)
		})
	}
}

// TestTrailerRefuses has well-signed nonsense.
func TestTrailerRefuses(t *testing.T) {
	for name, change := range map[string]func(t *pack.Trailer){
		"kind 0":                   func(t *pack.Trailer) { t.Kind = 0 },
		"kind 3":                   func(t *pack.Trailer) { t.Kind = 3 },
		"a name of 129 bytes":      func(t *pack.Trailer) { t.Name = string(make([]byte, 129)) },
		"4097 slots":               func(t *pack.Trailer) { t.Slots = make([][]byte, 4097) },
		"a slot of 1025 bytes":     func(t *pack.Trailer) { t.Slots[0] = make([]byte, 1025) },
		"a slot that is not there": func(t *pack.Trailer) { t.Frames[0].Slot = 3 },
		"a frame too long stored":  func(t *pack.Trailer) { t.Frames[0].Stored = pack.MaxStored + 1 },
		"a frame too long plain": func(t *pack.Trailer) {
			t.Frames[1].Plain, t.Frames[1].Chunks[0].Length = pack.MaxPlain+1, pack.MaxPlain+1
		},
		"compression 2":             func(t *pack.Trailer) { t.Frames[0].Compression = 2 },
		"chunks longer than plain":  func(t *pack.Trailer) { t.Frames[1].Chunks[0].Length++ },
		"chunks shorter than plain": func(t *pack.Trailer) { t.Frames[1].Chunks[0].Length-- },
		"lengths that wrap around": func(t *pack.Trailer) {
			t.Frames[0].Chunks[0].Length, t.Frames[0].Chunks[1].Length = math.MaxUint32, 401
		},
		"frames over 4 GiB": func(t *pack.Trailer) { t.Frames = long(300) },
	} {
		t.Run(name, func(t *testing.T) {
			tr := sample(pack.Content)
			change(tr)
			got, err := pack.DecodeTrailer(tr.Append(nil, nil), nil)
			require.ErrorIs(t, err, pack.ErrDamaged)
			require.Nil(t, got)
		})
	}
	tr := sample(pack.Tree)
	tr.Frames[0].Chunks[0].Refs = pack.MaxRefs
	_, err := pack.DecodeTrailer(tr.Append(nil, nil), nil)
	require.ErrorContains(t, err, "refs length", "the refs of a frame add up to more than their limit")

	later := sample(pack.Content).Append(nil, nil)
	later[0] = 2
	_, err = pack.DecodeTrailer(later, nil)
	require.ErrorContains(t, err, "version 2, this program knows 1")
}

func long(n int) []pack.Frame {
	frames := make([]pack.Frame, n)
	for i := range frames {
		frames[i].Stored = pack.MaxStored
	}
	return frames
}

// TestTrailerMemory has tiny trailers that promise much.
func TestTrailerMemory(t *testing.T) {
	head := wire.AppendBytes([]byte{1, byte(pack.Content)}, "name")
	frame := append([]byte{0, 0, 0, 0, 0}, make([]byte, 8)...)
	million := binary.AppendUvarint(nil, 1<<20)
	for name, data := range map[string][]byte{
		"slots":  append(bytes.Clone(head), binary.AppendUvarint(nil, 4096)...),
		"frames": append(append(bytes.Clone(head), 0), million...),
		"chunks": append(append(append(bytes.Clone(head), 0, 1), frame...), million...),
		"name":   append([]byte{1, 1}, binary.AppendUvarint(nil, math.MaxUint64)...),
	} {
		t.Run(name, func(t *testing.T) {
			var err error
			spent := alloctest.Bytes(func() { _, err = pack.DecodeTrailer(data, nil) })
			require.ErrorIs(t, err, pack.ErrDamaged)
			require.Less(t, spent, uint64(64<<10))
		})
	}
}
