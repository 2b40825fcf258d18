package tree

import (
	"context"
	"math"
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/heirloom-backup/heirloom/chunk"
)

func TestInlineBoundary(t *testing.T) {
	ids := make([]chunk.ID, maxInline+1)
	for i := range ids {
		ids[i] = idOf(i)
	}
	s := newNodes()
	e, err := buildFile(t.Context(), s.put, ids[:maxInline])
	require.NoError(t, err)
	require.Len(t, e.Extents, 16)
	require.True(t, e.Tree.IsZero())
	require.Empty(t, s.byID)

	e, err = buildFile(t.Context(), s.put, ids)
	require.NoError(t, err)
	require.Empty(t, e.Extents)
	require.False(t, e.Tree.IsZero())
	require.Equal(t, int64(17_000), e.Size)
	got, err := extents(t.Context(), s.get, &e, 0)
	require.NoError(t, err)
	require.Len(t, got, 17)
}

func TestEmptyFile(t *testing.T) {
	e := Entry{Tree: idOf(1), Size: 5, Extents: []Extent{{Length: 5}}}
	require.NoError(t, NewFileBuilder(newNodes().put).Finish(t.Context(), &e))
	require.Equal(t, Entry{}, e, "what the entry had before is gone")
	got, err := extents(t.Context(), newNodes().get, &e, 0)
	require.NoError(t, err)
	require.Empty(t, got)
}

func TestHolesAreMerged(t *testing.T) {
	e := Entry{}
	b := NewFileBuilder(newNodes().put)
	for _, x := range []Extent{{Length: 1}, {Length: 2}, {ID: idOf(1), Length: 3}, {Length: 4}, {Length: 5}, {Length: 6}} {
		require.NoError(t, b.Add(t.Context(), x))
	}
	require.NoError(t, b.Finish(t.Context(), &e))
	require.Equal(t, []Extent{{Length: 3}, {ID: idOf(1), Length: 3}, {Length: 15}}, e.Extents)
	require.Equal(t, int64(21), e.Size)
}

func TestFileBuilderRefuses(t *testing.T) {
	b := NewFileBuilder(newNodes().put)
	require.ErrorContains(t, b.Add(t.Context(), Extent{ID: idOf(1)}), "must be positive")
	require.ErrorContains(t, b.Add(t.Context(), Extent{ID: idOf(1), Length: -1}), "must be positive")
	require.NoError(t, b.Add(t.Context(), Extent{Length: math.MaxInt64}))
	require.ErrorContains(t, b.Add(t.Context(), Extent{Length: 1}), "cannot be that large")
	e := Entry{}
	require.NoError(t, b.Finish(t.Context(), &e))
	require.Equal(t, int64(math.MaxInt64), e.Size)
}

// TestExtents compares Extents from any offset with a plain list of what was added.
func TestExtents(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var model Entry
		drawExtents(t, &model, 40)
		times := rapid.SampledFrom([]int{1, 1, 200}).Draw(t, "times") // 200: enough for an index level
		s := newNodes()
		b := NewFileBuilder(s.put)
		var want []Placed
		var at int64
		for range times {
			for _, x := range model.Extents {
				require.NoError(t, b.Add(context.Background(), x))
				if k := len(want); k > 0 && want[k-1].Hole() && x.Hole() {
					want[k-1].Length += x.Length
				} else {
					want = append(want, Placed{Extent: x, Offset: at})
				}
				at += x.Length
			}
		}
		e := Entry{}
		require.NoError(t, b.Finish(context.Background(), &e))
		require.Equal(t, at, e.Size)
		from := rapid.Int64Range(-1, at+1).Draw(t, "from")
		for len(want) > 0 && want[0].Offset+want[0].Length <= from {
			want = want[1:]
		}
		got, err := extents(context.Background(), s.get, &e, from)
		require.NoError(t, err)
		require.Equal(t, len(want), len(got))
		for i := range want {
			require.Equal(t, want[i], got[i])
		}
	})
}

// TestExtentsSkipsUnread reads the end of a long file: one node a level.
func TestExtentsSkipsUnread(t *testing.T) {
	ids := make([]chunk.ID, 50_000)
	for i := range ids {
		ids[i] = idOf(i)
	}
	s := newNodes()
	e, err := buildFile(t.Context(), s.put, ids)
	require.NoError(t, err)
	require.Greater(t, len(s.byID), 20)
	for _, offset := range []int64{e.Size - 1, e.Size, e.Size + 1, math.MaxInt64} {
		s.gets = 0
		got, err := extents(t.Context(), s.get, &e, offset)
		require.NoError(t, err)
		require.LessOrEqual(t, s.gets, 2)
		if offset < e.Size {
			require.Equal(t, []Placed{{Extent{ids[len(ids)-1], 1000}, e.Size - 1000}}, got)
		} else {
			require.Empty(t, got)
		}
	}
	s.gets = 0
	for x, err := range Extents(t.Context(), s.get, &e, e.Size/2) {
		require.NoError(t, err)
		require.Equal(t, ids[25_000], x.ID)
		break
	}
	require.Equal(t, 2, s.gets, "stopping early reads no more")
}

// TestFileBuilderMemory adds a million extents. What the builder holds at the end is what it held after the first few
// nodes.
func TestFileBuilderMemory(t *testing.T) {
	put := func(_ context.Context, n Node) (chunk.ID, error) { return idOf(len(n.Body)), nil }
	b := NewFileBuilder(put)
	held := func() uint64 {
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	var early uint64
	for i := range 1_000_000 {
		require.NoError(t, b.Add(t.Context(), Extent{ID: idOf(i), Length: 1}))
		if i == 50_000 {
			early = held()
		}
	}
	require.Less(t, held(), early+2<<20)
	e := Entry{}
	require.NoError(t, b.Finish(t.Context(), &e))
	require.Equal(t, int64(1_000_000), e.Size)
}
