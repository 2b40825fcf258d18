package pack_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/heirloom-backup/heirloom/datastore/internal/pack"
	"github.com/heirloom-backup/heirloom/internal/alloctest"
)

// TestGoldenSegment keeps index segments of released versions readable, and the encoding what it is.
func TestGoldenSegment(t *testing.T) {
	key, writers := owner()
	want := []pack.Listed{
		{Size: 1 << 24, Trailer: sample(pack.Content).Append(nil, key)},
		{Size: 5000, Trailer: sample(pack.Tree).Append(nil, key)},
	}
	got, err := pack.DecodeSegment(golden(t, "two.segment", pack.AppendSegment(nil, want)))
	require.NoError(t, err)
	require.Equal(t, want, got)
	for _, l := range got {
		_, err := pack.DecodeTrailer(l.Trailer, writers)
		require.NoError(t, err)
	}
}

func TestSegmentRoundTrip(t *testing.T) {
	listed := rapid.Custom(func(t *rapid.T) pack.Listed {
		return pack.Listed{Size: int64(rapid.Uint32().Draw(t, "size")),
			Trailer: rapid.SliceOfN(rapid.Byte(), 0, 200).Draw(t, "trailer")}
	})
	rapid.Check(t, func(t *rapid.T) {
		want := rapid.SliceOfN(listed, 0, 10).Draw(t, "packs")
		data := pack.AppendSegment([]byte("before"), want)
		got, err := pack.DecodeSegment(data[len("before"):])
		require.NoError(t, err)
		require.Equal(t, len(want), len(got))
		for i := range want {
			require.Equal(t, want[i].Size, got[i].Size)
			require.True(t, bytes.Equal(want[i].Trailer, got[i].Trailer))
		}
	})
}

func TestSegmentTruncatedOrFlipped(t *testing.T) {
	data := pack.AppendSegment(nil, []pack.Listed{{Size: 300, Trailer: []byte("trailer")}, {Size: 1, Trailer: nil}})
	for n := range data {
		_, err := pack.DecodeSegment(data[:n])
		require.ErrorIs(t, err, pack.ErrDamaged, "cut off after %d bytes", n)
		bad := bytes.Clone(data)
		bad[n] ^= 1 << (n % 8)
		_, err = pack.DecodeSegment(bad)
		require.ErrorIs(t, err, pack.ErrDamaged, "byte %d flipped", n)
	}
}

// TestSegmentRefuses has segments with a right digest over nonsense; none may cost memory.
func TestSegmentRefuses(t *testing.T) {
	number := func(v uint64) []byte { return binary.AppendUvarint(nil, v) }
	for name, body := range map[string][]byte{
		"nothing":               {},
		"a million packs":       number(1 << 20),
		"too many packs":        number(math.MaxUint64),
		"a pack of 4 GiB":       append(append([]byte{1}, number(1<<32)...), 0),
		"a trailer of 64 MiB":   append([]byte{1, 5}, number(64<<20)...),
		"a trailer of any size": append([]byte{1, 5}, number(math.MaxUint64)...),
		"a byte too many":       {1, 5, 0, 0},
	} {
		t.Run(name, func(t *testing.T) {
			data := withDigest(body)
			var err error
			spent := alloctest.Bytes(func() { _, err = pack.DecodeSegment(data) })
			require.ErrorIs(t, err, pack.ErrDamaged)
			require.Less(t, spent, uint64(64<<10))
		})
	}
}

// withDigest returns an index segment of the given body.
func withDigest(body []byte) []byte {
	data := append([]byte("HLINDX01"), body...)
	sum := sha256.Sum256(data)
	return append(data, sum[:]...)
}
