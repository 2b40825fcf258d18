package pack_test

import (
	"bytes"
	"crypto/sha256"
	"math/rand/v2"
	"testing"

	"github.com/cespare/xxhash/v2"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/heirloom-backup/heirloom/chunk"
	"github.com/heirloom-backup/heirloom/datastore/internal/pack"
)

// coded returns a frame of plain with its stored bytes, as a writer makes it.
func coded(codec *chunk.Codec, sealer *chunk.Sealer, plain []byte) (*pack.Frame, []byte) {
	stored, how := codec.Compress(nil, plain)
	if how == chunk.Stored {
		stored = plain
	}
	f := &pack.Frame{Plain: uint32(len(plain)), Compression: how, Nonce: 5}
	if sealer != nil {
		stored, f.Slot = sealer.Seal(nil, stored, f.Nonce, nil), 1
	}
	f.Stored, f.Sum = uint32(len(stored)), xxhash.Sum64(stored)
	return f, stored
}

func newCodec(t testing.TB) *chunk.Codec {
	codec, err := chunk.NewCodec(chunk.CodecOptions{Concurrency: 1})
	require.NoError(t, err)
	t.Cleanup(codec.Close)
	return codec
}

// noise is what does not compress.
func noise(n int) []byte {
	p := make([]byte, n)
	rand.NewChaCha8([32]byte{}).Read(p)
	return p
}

func TestFrameDecode(t *testing.T) {
	codec := newCodec(t)
	var s pack.Scratch
	for name, plain := range map[string][]byte{
		"nothing": {}, "a byte": {7}, "zeros": make([]byte, 1<<16), "noise": noise(1 << 16),
	} {
		for _, sealer := range []*chunk.Sealer{nil, chunk.NewSealer(chunk.NewKey())} {
			t.Run(name, func(t *testing.T) {
				f, stored := coded(codec, sealer, plain)
				require.NoError(t, f.Check(stored))
				got, err := f.Decode(&s, codec, sealer, stored)
				require.NoError(t, err)
				require.True(t, bytes.Equal(plain, got))
			})
		}
	}
}

func TestFrameRoundTrip(t *testing.T) {
	codec, sealer := newCodec(t), chunk.NewSealer(chunk.NewKey())
	var s pack.Scratch
	rapid.Check(t, func(t *rapid.T) {
		plain := bytes.Repeat(rapid.SliceOfN(rapid.Byte(), 0, 100).Draw(t, "plain"), rapid.IntRange(1, 50).Draw(t, "times"))
		f, stored := coded(codec, sealer, plain)
		got, err := f.Decode(&s, codec, sealer, stored)
		require.NoError(t, err)
		require.True(t, bytes.Equal(plain, got))
	})
}

func TestFrameDamaged(t *testing.T) {
	codec, sealer := newCodec(t), chunk.NewSealer(chunk.NewKey())
	var s pack.Scratch
	f, stored := coded(codec, sealer, bytes.Repeat([]byte("words and "), 50))
	for n := range stored {
		require.ErrorIs(t, f.Check(stored[:n]), pack.ErrDamaged)
		_, err := f.Decode(&s, codec, sealer, stored[:n])
		require.ErrorIs(t, err, pack.ErrDamaged, "cut off after %d bytes", n)
		bad := bytes.Clone(stored)
		bad[n] ^= 1
		require.ErrorIs(t, f.Check(bad), pack.ErrDamaged)
		_, err = f.Decode(&s, codec, sealer, bad)
		require.ErrorIs(t, err, pack.ErrDamaged, "byte %d flipped", n)
	}
	f.Nonce++
	_, err := f.Decode(&s, codec, sealer, stored)
	require.ErrorIs(t, err, chunk.ErrAuth)
	got, err := f.Decode(&s, codec, sealer, nil)
	require.ErrorIs(t, err, pack.ErrDamaged)
	require.Nil(t, got)
}

func TestFrameOfAnotherLength(t *testing.T) {
	codec := newCodec(t)
	var s pack.Scratch
	for name, plain := range map[string][]byte{"zeros": make([]byte, 1<<12), "noise": noise(1 << 12)} {
		t.Run(name, func(t *testing.T) {
			for _, by := range []uint32{1, ^uint32(0)} {
				f, stored := coded(codec, nil, plain)
				f.Plain += by
				_, err := f.Decode(&s, codec, nil, stored)
				require.ErrorIs(t, err, pack.ErrDamaged)
			}
		})
	}
}

func TestCheckRefs(t *testing.T) {
	refs := []byte("refs of a node or two")
	f := pack.Frame{Refs: uint32(len(refs)), RefsSum: sha256.Sum256(refs)}
	require.NoError(t, f.CheckRefs(refs))
	require.ErrorIs(t, f.CheckRefs(refs[1:]), pack.ErrDamaged)
	require.ErrorIs(t, f.CheckRefs([]byte("refs of a node or too")), pack.ErrDamaged)
	require.NoError(t, (&pack.Frame{}).CheckRefs(nil), "a content frame")
}
