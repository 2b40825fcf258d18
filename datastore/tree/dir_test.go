package tree

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/heirloom-backup/heirloom/chunk"
)

func TestDirRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := rapid.SliceOfNDistinct(anyEntry(), 0, 60, func(e Entry) string { return e.Name }).Draw(t, "entries")
		slices.SortFunc(want, func(a, b Entry) int { return strings.Compare(a.Name, b.Name) })
		s := newNodes()
		id, err := build(context.Background(), s.put, want)
		require.NoError(t, err)
		got, err := entries(context.Background(), s.get, id)
		require.NoError(t, err)
		require.Equal(t, len(want), len(got))
		for i := range want {
			require.Equal(t, want[i], got[i])
		}
	})
}

func TestEmptyFolder(t *testing.T) {
	s := newNodes()
	id, err := build(t.Context(), s.put, nil)
	require.NoError(t, err)
	got, err := entries(t.Context(), s.get, id)
	require.NoError(t, err)
	require.Empty(t, got)
	_, ok, err := Find(t.Context(), s.get, id, "a")
	require.NoError(t, err)
	require.False(t, ok)
}

// TestLargeFolder has enough entries for three levels of nodes.
func TestLargeFolder(t *testing.T) {
	list := numbered(200_000)
	s := newNodes()
	id, err := build(t.Context(), s.put, list)
	require.NoError(t, err)
	root, err := s.get(t.Context(), id)
	require.NoError(t, err)
	require.Equal(t, byte(kindDirIndex), root.Body[0])
	below, err := s.get(t.Context(), root.Refs.Trees[0])
	require.NoError(t, err)
	require.Equal(t, byte(kindDirIndex), below.Body[0], "a third level")
	i := 0
	for e, err := range Entries(t.Context(), s.get, id) {
		require.NoError(t, err)
		if e.Name != list[i].Name || e.Size != list[i].Size {
			require.Equal(t, list[i], e)
		}
		i++
	}
	require.Equal(t, len(list), i)
	for _, plain := range s.byID {
		require.LessOrEqual(t, len(plain), targetSize+nodeHead)
	}
}

// TestFindIsLinearSearch asks for all names there are and for those between, before and behind them.
func TestFindIsLinearSearch(t *testing.T) {
	list := numbered(5000)
	s := newNodes()
	id, err := build(t.Context(), s.put, list)
	require.NoError(t, err)
	for i := 0; i < len(list); i += 7 {
		s.gets = 0
		got, ok, err := Find(t.Context(), s.get, id, list[i].Name)
		require.NoError(t, err)
		require.True(t, ok)
		require.Equal(t, list[i], got)
		require.Equal(t, 2, s.gets, "one node a level")
		_, ok, err = Find(t.Context(), s.get, id, list[i].Name+"x")
		require.NoError(t, err)
		require.False(t, ok)
	}
	for _, absent := range []string{"", "a", "file", "file 9", "z", "\xff"} {
		_, ok, err := Find(t.Context(), s.get, id, absent)
		require.NoError(t, err)
		require.False(t, ok, "%q", absent)
	}
}

func TestAddRefuses(t *testing.T) {
	dir, tooLong := Entry{Name: "d", Type: Dir, Tree: idOf(1)}, strings.Repeat("a", maxName+1)
	for name, tc := range map[string]struct {
		entry Entry
		says  string
	}{
		"no name":                      {fileEntry("", 1), "name is not possible"},
		"a dot":                        {fileEntry(".", 1), "name is not possible"},
		"two dots":                     {fileEntry("..", 1), "name is not possible"},
		"a slash":                      {fileEntry("a/b", 1), "name is not possible"},
		"a NUL":                        {fileEntry("a\x00", 1), "name is not possible"},
		"a name too long":              {fileEntry(tooLong, 1), "name is not possible"},
		"no type":                      {with(dir, func(e *Entry) { e.Type = 0 }), "type is unknown"},
		"type 8":                       {with(dir, func(e *Entry) { e.Type = 8 }), "type is unknown"},
		"file type bits in the mode":   {with(dir, func(e *Entry) { e.Mode = 0o40755 }), "more than 12 bits"},
		"a second of nanoseconds":      {with(dir, func(e *Entry) { e.ModTime.Nsec = 1e9 }), "nanoseconds"},
		"the same of the ctime":        {with(dir, func(e *Entry) { e.ChangeTime.Nsec = 1e9 }), "nanoseconds"},
		"a folder without node":        {Entry{Name: "d", Type: Dir}, "folder has no node"},
		"a folder with extents":        {with(dir, func(e *Entry) { e.Extents = []Extent{{Length: 1}} }), "only files have extents"},
		"a symlink with a node":        {with(dir, func(e *Entry) { e.Type = Symlink }), "only folders and files"},
		"a size without extents":       {Entry{Name: "f", Type: File, Size: 1}, "do not add up"},
		"extents beyond the size":      {with(fileEntry("f", 5), func(e *Entry) { e.Size = 4 }), "do not add up"},
		"an empty extent":              {Entry{Name: "f", Type: File, Extents: []Extent{{ID: idOf(1)}}}, "do not add up"},
		"two holes":                    {with(fileEntry("f", 2), func(e *Entry) { e.Extents = []Extent{{Length: 1}, {Length: 1}} }), "do not add up"},
		"a negative size":              {Entry{Name: "f", Type: File, Size: -1, Tree: idOf(1)}, "do not add up"},
		"an attribute's name too long": {with(dir, func(e *Entry) { e.Xattrs = []Xattr{{Name: tooLong}} }), "attribute name"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newNodes()
			err := NewDirBuilder(s.put).Add(t.Context(), &tc.entry)
			require.ErrorIs(t, err, ErrFormat)
			require.ErrorContains(t, err, tc.says)
			require.Empty(t, s.byID)
		})
	}
}

func with(e Entry, change func(e *Entry)) Entry {
	change(&e)
	return e
}

func TestAddOutOfOrder(t *testing.T) {
	for _, second := range []string{"b", "a", "B"} {
		b := NewDirBuilder(newNodes().put)
		first, next := fileEntry("b", 1), fileEntry(second, 1)
		require.NoError(t, b.Add(t.Context(), &first))
		require.ErrorContains(t, b.Add(t.Context(), &next), "in byte order")
	}
}

func TestAddTooLargeAnEntry(t *testing.T) {
	e := Entry{Name: "f", Type: FIFO, Xattrs: []Xattr{{Name: "user.a", Value: make([]byte, MaxNodeSize)}}}
	b := NewDirBuilder(newNodes().put)
	require.NoError(t, b.Add(t.Context(), &e))
	_, err := b.Finish(t.Context())
	require.ErrorContains(t, err, "more than the limit")
}

func TestPutFails(t *testing.T) {
	errFull := errors.New("full")
	put := func(context.Context, Node) (chunk.ID, error) { return chunk.ID{}, errFull }
	_, err := build(t.Context(), put, numbered(1))
	require.ErrorIs(t, err, errFull)
	_, err = build(t.Context(), put, numbered(5000))
	require.ErrorIs(t, err, errFull)
}

func TestRoot(t *testing.T) {
	s := newNodes()
	want := Entry{Name: "home", Type: Dir, Mode: 0o755, Tree: idOf(1)}
	id, err := PutRoot(t.Context(), s.put, &want)
	require.NoError(t, err)
	got, err := Root(t.Context(), s.get, id)
	require.NoError(t, err)
	require.Equal(t, want, got)

	for _, n := range []int{0, 2, 5000} {
		id, err := build(t.Context(), s.put, numbered(n))
		require.NoError(t, err)
		_, err = Root(t.Context(), s.get, id)
		require.ErrorIs(t, err, ErrFormat, "%d entries", n)
	}
	_, err = Root(t.Context(), s.get, idOf(5))
	require.ErrorContains(t, err, "read root: node "+idOf(5).String())
	_, err = PutRoot(t.Context(), s.put, &Entry{Name: "..", Type: Dir, Tree: idOf(1)})
	require.ErrorContains(t, err, "root: ")
}

func TestStoppingEarlyReadsNoMore(t *testing.T) {
	s := newNodes()
	id, err := build(t.Context(), s.put, numbered(5000))
	require.NoError(t, err)
	s.gets = 0
	for range Entries(t.Context(), s.get, id) {
		break
	}
	require.Equal(t, 2, s.gets)
}
