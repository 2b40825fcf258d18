package tree

import (
	"encoding/binary"
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/heirloom-backup/heirloom/chunk"
	"github.com/heirloom-backup/heirloom/internal/alloctest"
)

func TestRefsRoundTrip(t *testing.T) {
	ids := func(t *rapid.T, label string) (list []chunk.ID) {
		for range rapid.IntRange(0, 20).Draw(t, label) {
			list = append(list, idOf(rapid.IntRange(0, 1000).Draw(t, "id")))
		}
		return list
	}
	rapid.Check(t, func(t *rapid.T) {
		want := Refs{Trees: ids(t, "trees"), Contents: ids(t, "contents")}
		data := AppendRefs(nil, want)
		got, n, err := DecodeRefs(append(data, "the body"...))
		require.NoError(t, err)
		require.Equal(t, len(data), n)
		require.Equal(t, want, got)
		for cut := range data {
			_, _, err := DecodeRefs(data[:cut])
			require.Error(t, err, "cut off after %d bytes", cut)
		}
	})
}

func TestRefsOfHostileCounts(t *testing.T) {
	for _, trees := range []uint64{0, 1, 1 << 20, math.MaxUint64 - 1, math.MaxUint64} {
		for _, contents := range []uint64{0, 1, 1 << 20, math.MaxUint64 - 1, math.MaxUint64} {
			if trees+contents == 0 {
				continue
			}
			data := binary.AppendUvarint(binary.AppendUvarint(nil, trees), contents)
			data = append(data, make([]byte, 31)...)
			var err error
			allocs := alloctest.Count(func() { _, _, err = DecodeRefs(data) })
			require.ErrorContains(t, err, "decode refs", "%d trees and %d contents", trees, contents)
			require.Less(t, allocs, uint64(20))
		}
	}
}
