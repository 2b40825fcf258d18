package tree

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/heirloom-backup/heirloom/chunk"
)

// TestOneChangeCostsFewNodes inserts, removes or changes one entry in a folder of thousands. Of the two levels' nodes a
// change makes its own leaf and the index anew; at an insertion or removal a leaf's end may move, which takes the
// neighbour with it, and seldom one more.
func TestOneChangeCostsFewNodes(t *testing.T) {
	const size = 8000
	list := numbered(size)
	old := newNodes()
	_, err := build(t.Context(), old.put, list)
	require.NoError(t, err)
	require.Greater(t, len(old.byID), size/300, "the folder is split")
	rapid.Check(t, func(t *rapid.T) {
		i := rapid.IntRange(0, size-1).Draw(t, "where")
		changed := slices.Clone(list)
		most := 4
		switch rapid.SampledFrom([]string{"insert", "remove", "change"}).Draw(t, "what") {
		case "insert":
			changed = slices.Insert(changed, i+1, fileEntry(changed[i].Name+rapid.StringMatching("[a-z]{1,8}").Draw(t, "name"), 5))
		case "remove":
			changed = slices.Delete(changed, i, i+1)
		case "change":
			changed[i].ModTime.Sec++
			most = 2
		}
		s := newNodes()
		_, err := build(context.Background(), s.put, changed)
		require.NoError(t, err)
		require.LessOrEqual(t, s.newSince(old), most)
	})
}

// TestSplittingIsFine counts a folder's nodes: about one for 128+16 entries, none much larger.
func TestSplittingIsFine(t *testing.T) {
	s := newNodes()
	_, err := build(t.Context(), s.put, numbered(50_000))
	require.NoError(t, err)
	require.InDelta(t, 50_000/144, len(s.byID), 60)
}

// TestSameEntriesSameRoot builds a folder whose builder has done other things before, and one whose entries are fresh
// copies: the root depends on the entries alone.
func TestSameEntriesSameRoot(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 3000).Draw(t, "entries")
		a, b := newNodes(), newNodes()
		first, err := build(context.Background(), a.put, numbered(n))
		require.NoError(t, err)
		_, err = build(context.Background(), b.put, numbered(rapid.IntRange(0, 3000).Draw(t, "other")))
		require.NoError(t, err)
		copied, err := entries(context.Background(), a.get, first)
		require.NoError(t, err)
		second, err := build(context.Background(), b.put, copied)
		require.NoError(t, err)
		require.Equal(t, first, second)
	})
}

// TestLargeEntriesEndNodes has entries so large that nodes end for their size.
func TestLargeEntriesEndNodes(t *testing.T) {
	var list []Entry
	for i := range 40 {
		size := 100 << 10
		if i == 20 {
			size = 1 << 20 // larger than a node should be: it gets one of its own
		}
		list = append(list, Entry{Name: fmt.Sprintf("%03d", i), Type: FIFO,
			Xattrs: []Xattr{{Name: "user.a", Value: make([]byte, size)}}})
	}
	s := newNodes()
	id, err := build(t.Context(), s.put, list)
	require.NoError(t, err)
	got, err := entries(t.Context(), s.get, id)
	require.NoError(t, err)
	require.Equal(t, list, got)
	large := 0
	for _, plain := range s.byID {
		if len(plain) > targetSize+nodeHead {
			large++
		}
	}
	require.Equal(t, 1, large)
	require.Len(t, s.byID, 10, "4 nodes of 5 entries, the large one, 4 nodes for 19 entries, and the index")
}

// TestOneExtentChangedCostsFewNodes overwrites, inserts and removes an extent of a file of many.
func TestOneExtentChangedCostsFewNodes(t *testing.T) {
	ids := make([]chunk.ID, 30_000)
	for i := range ids {
		ids[i] = idOf(i)
	}
	old := newNodes()
	_, err := buildFile(t.Context(), old.put, ids)
	require.NoError(t, err)
	for name, change := range map[string]func(ids []chunk.ID) []chunk.ID{
		"overwrite": func(ids []chunk.ID) []chunk.ID { ids[15_000] = idOf(1 << 40); return ids },
		"insert":    func(ids []chunk.ID) []chunk.ID { return slices.Insert(ids, 15_000, idOf(1<<40)) },
		"remove":    func(ids []chunk.ID) []chunk.ID { return slices.Delete(ids, 15_000, 15_001) },
		"append":    func(ids []chunk.ID) []chunk.ID { return append(ids, idOf(1<<40)) },
	} {
		t.Run(name, func(t *testing.T) {
			s := newNodes()
			_, err := buildFile(t.Context(), s.put, change(slices.Clone(ids)))
			require.NoError(t, err)
			require.LessOrEqual(t, s.newSince(old), 4)
			require.Positive(t, s.newSince(old))
		})
	}
}

// buildFile makes a file of extents of 1000 bytes.
func buildFile(ctx context.Context, put Put, ids []chunk.ID) (Entry, error) {
	e := Entry{Name: "f", Type: File}
	b := NewFileBuilder(put)
	for _, id := range ids {
		if err := b.Add(ctx, Extent{ID: id, Length: 1000}); err != nil {
			return e, err
		}
	}
	return e, b.Finish(ctx, &e)
}

func TestNamesSortByBytes(t *testing.T) {
	names := []string{"\x01", "A", "B", "a", "a b", "a.b", "aa", "ä", "\xff"}
	var list []Entry
	for _, n := range names {
		list = append(list, fileEntry(n, 1))
	}
	s := newNodes()
	id, err := build(t.Context(), s.put, list)
	require.NoError(t, err)
	got, err := entries(t.Context(), s.get, id)
	require.NoError(t, err)
	require.True(t, slices.IsSortedFunc(got, func(a, b Entry) int { return strings.Compare(a.Name, b.Name) }))
	require.Len(t, got, len(names))
}
