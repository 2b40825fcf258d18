package tree

import (
	"context"
	"encoding/binary"
	"math"
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/chunk"
	"github.com/heirloom-backup/heirloom/datastore/internal/wire"
)

func dirBody(list ...Entry) (body []byte, refs Refs) {
	for i := range list {
		body = appendEntry(body, &list[i])
		r := list[i].refs()
		refs.Trees, refs.Contents = append(refs.Trees, r.Trees...), append(refs.Contents, r.Contents...)
	}
	return body, refs
}

func (s *nodes) dir(list ...Entry) chunk.ID {
	body, refs := dirBody(list...)
	return s.add(kindDir, len(list), body, refs)
}

func (s *nodes) dirIndex(first string, child chunk.ID, more ...child) chunk.ID {
	body, refs := wire.AppendBytes(nil, first), Refs{Trees: []chunk.ID{child}}
	for _, c := range more {
		body, refs.Trees = wire.AppendBytes(body, c.first), append(refs.Trees, c.id)
	}
	return s.add(kindDirIndex, 1+len(more), body, refs)
}

func TestEntriesRefuses(t *testing.T) {
	s := newNodes()
	a, b := fileEntry("a", 5), fileEntry("b", 6)
	good := s.dir(a, b)
	body, refs := dirBody(a, b)
	huge := with(a, func(e *Entry) {
		e.Extents = []Extent{{ID: idOf(1), Length: math.MaxInt64}, {ID: idOf(2), Length: math.MaxInt64}}
	})
	deep := good
	for range maxDepth {
		deep = s.dirIndex("a", deep)
	}
	empty := s.dir()
	for name, id := range map[string]chunk.ID{
		"kind 0":                     s.add(0, 2, body, refs),
		"kind 5":                     s.add(5, 2, body, refs),
		"kind 255":                   s.add(255, 2, body, refs),
		"a file's node":              s.add(kindFile, 1, []byte{2}, Refs{Contents: []chunk.ID{idOf(1)}}),
		"an item too few":            s.add(kindDir, 1, body, refs),
		"an item too many":           s.add(kindDir, 3, body, refs),
		"a million items":            s.add(kindDir, 1<<20, body, refs),
		"a byte too many":            s.add(kindDir, 2, append(body[:len(body):len(body)], 0), refs),
		"a ref too many":             s.add(kindDir, 2, body, Refs{Contents: append(refs.Contents[:2:2], idOf(9))}),
		"a ref too few":              s.add(kindDir, 2, body, Refs{Contents: refs.Contents[:1]}),
		"refs of the other sort":     s.add(kindDir, 2, body, Refs{Trees: refs.Contents}),
		"a zero ref":                 s.add(kindDir, 2, body, Refs{Contents: make([]chunk.ID, 2)}),
		"names out of order":         s.dir(b, a),
		"a name twice":               s.dir(a, a),
		"no name":                    s.dir(fileEntry("", 1)),
		"two dots":                   s.dir(fileEntry("..", 1)),
		"a slash":                    s.dir(fileEntry("../../etc/passwd", 1)),
		"a type of its own":          s.dir(Entry{Name: "a", Type: 9}),
		"mode bits":                  s.dir(with(a, func(e *Entry) { e.Mode = 0o10000 })),
		"nanoseconds":                s.dir(with(a, func(e *Entry) { e.ModTime.Nsec = 1e9 })),
		"sizes that wrap around":     s.dir(huge),
		"a size too small":           s.dir(with(a, func(e *Entry) { e.Size-- })),
		"a size too large":           s.dir(with(a, func(e *Entry) { e.Size++ })),
		"a negative size":            s.dir(with(a, func(e *Entry) { e.Size = -1 })),
		"two holes in a row":         s.dir(with(a, func(e *Entry) { e.Extents = []Extent{{Length: 2}, {Length: 3}} })),
		"too many levels":            deep,
		"an empty index":             s.add(kindDirIndex, 0, nil, Refs{}),
		"an index over nothing":      s.dirIndex("a", empty),
		"an index's other name":      s.dirIndex("b", good),
		"an index's index's name":    s.dirIndex("0", s.dirIndex("a", good)),
		"an index out of order":      s.dirIndex("a", good, child{first: "A", id: s.dir(fileEntry("A", 1))}),
		"a child twice":              s.dirIndex("a", good, child{first: "a", id: good}),
		"children that overlap":      s.dirIndex("a", good, child{first: "aa", id: s.dir(fileEntry("aa", 1))}),
		"an index over a file":       s.dirIndex("a", s.add(kindFile, 1, []byte{2}, Refs{Contents: []chunk.ID{idOf(1)}})),
		"an index's impossible name": s.dirIndex("a/b", good),
	} {
		t.Run(name, func(t *testing.T) {
			_, err := entries(t.Context(), s.get, id)
			require.ErrorIs(t, err, ErrFormat)
			require.ErrorContains(t, err, "node ")
		})
	}
}

// TestManyEmptyChildren has 16 levels of a hundred equal children each: whoever visits them all is at it for ever.
func TestManyEmptyChildren(t *testing.T) {
	s := newNodes()
	dir, file := s.dir(), s.add(kindFile, 0, nil, Refs{})
	for range maxDepth - 1 {
		var names, totals []byte
		var dirs, files Refs
		for i := range 100 {
			names = wire.AppendBytes(names, string([]byte{'a' + byte(i/10), 'a' + byte(i%10)}))
			totals = append(totals, 0)
			dirs.Trees, files.Trees = append(dirs.Trees, dir), append(files.Trees, file)
		}
		dir, file = s.add(kindDirIndex, 100, names, dirs), s.add(kindFileIndex, 100, totals, files)
	}
	_, err := entries(t.Context(), s.get, dir)
	require.ErrorIs(t, err, ErrFormat)
	_, err = extents(t.Context(), s.get, &Entry{Type: File, Tree: file}, 0)
	require.ErrorIs(t, err, ErrFormat)
	require.Less(t, s.gets, 100)
}

func TestFindRefuses(t *testing.T) {
	s := newNodes()
	deep := s.dir(fileEntry("a", 1))
	for range maxDepth {
		deep = s.dirIndex("a", deep)
	}
	for name, id := range map[string]chunk.ID{
		"a file's node":      s.add(kindFile, 1, []byte{2}, Refs{Contents: []chunk.ID{idOf(1)}}),
		"names out of order": s.dir(fileEntry("b", 1), fileEntry("a", 1)),
		"an index damaged":   s.add(kindDirIndex, 1, []byte{9, 'a'}, Refs{Trees: []chunk.ID{idOf(1)}}),
		"too many levels":    deep,
	} {
		t.Run(name, func(t *testing.T) {
			_, ok, err := Find(t.Context(), s.get, id, "a")
			require.ErrorIs(t, err, ErrFormat)
			require.False(t, ok)
		})
	}
	_, _, err := Find(t.Context(), s.get, idOf(77), "a")
	require.ErrorContains(t, err, "is not there")
}

func (s *nodes) fileIndex(total uint64, child chunk.ID) chunk.ID {
	return s.add(kindFileIndex, 1, binary.AppendUvarint(nil, total), Refs{Trees: []chunk.ID{child}})
}

func TestExtentsRefuses(t *testing.T) {
	s := newNodes()
	leaf := s.add(kindFile, 1, binary.AppendUvarint(nil, 100<<1), Refs{Contents: []chunk.ID{idOf(1)}})
	most := binary.AppendUvarint(nil, math.MaxUint64-1)
	deep := leaf
	for range maxDepth {
		deep = s.fileIndex(100, deep)
	}
	for name, tc := range map[string]struct {
		size, from int64
		node       chunk.ID
	}{
		"a folder's node":            {100, 0, s.dir()},
		"more than the file":         {99, 0, leaf},
		"less than the file":         {101, 0, leaf},
		"less than the file, behind": {101, 100, leaf},
		"an index of less":           {100, 0, s.fileIndex(99, leaf)},
		"an index of more":           {101, 0, s.fileIndex(101, leaf)},
		"an index over the size":     {100, 0, s.fileIndex(101, leaf)},
		"an index skipped over it":   {100, 1000, s.fileIndex(101, leaf)},
		"an index over 63 bits":      {100, 0, s.fileIndex(1<<63, leaf)},
		"an index over nothing":      {100, 0, s.fileIndex(0, leaf)},
		"no child":                   {0, 0, s.add(kindFileIndex, 0, nil, Refs{})},
		"lengths that wrap around": {math.MaxInt64, 0, s.add(kindFile, 2, append(most, most...),
			Refs{Contents: []chunk.ID{idOf(1), idOf(2)}})},
		"an empty extent":    {0, 0, s.add(kindFile, 1, []byte{0}, Refs{Contents: []chunk.ID{idOf(1)}})},
		"an empty hole":      {0, 0, s.add(kindFile, 1, []byte{1}, Refs{})},
		"two holes in a row": {2, 0, s.add(kindFile, 2, []byte{3, 3}, Refs{})},
		"a ref too many":     {1, 0, s.add(kindFile, 1, []byte{3}, Refs{Contents: []chunk.ID{idOf(1)}})},
		"too many levels":    {100, 0, deep},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := extents(t.Context(), s.get, &Entry{Type: File, Size: tc.size, Tree: tc.node}, tc.from)
			require.ErrorIs(t, err, ErrFormat)
			for _, x := range got {
				require.LessOrEqual(t, x.Offset+x.Length, tc.size, "nothing is yielded that the file cannot hold")
			}
		})
	}
}

// TestNodeCutOffOrFlipped changes a node in every place. Only a hash could notice all of that; nothing may panic, and a
// node cut off is always refused.
func TestNodeCutOffOrFlipped(t *testing.T) {
	list := []Entry{fileEntry("a", 5), {Name: "d", Type: Dir, Tree: idOf(3), Xattrs: []Xattr{{"user.a", []byte("b")}}}}
	body, refs := dirBody(list...)
	body = append([]byte{byte(kindDir), 2}, body...)
	for n := range body {
		read := func(body []byte) error {
			_, err := entries(t.Context(), func(context.Context, chunk.ID) (Node, error) { return Node{refs, body}, nil }, idOf(1))
			return err
		}
		require.ErrorIs(t, read(body[:n]), ErrFormat)
		for bit := range 8 {
			bad := append([]byte(nil), body...)
			bad[n] ^= 1 << bit
			if err := read(bad); err != nil {
				require.ErrorIs(t, err, ErrFormat)
			}
		}
	}
}

// TestHostileMemory has small nodes that promise much.
func TestHostileMemory(t *testing.T) {
	million := binary.AppendUvarint(nil, 1<<20)
	holes := append(append([]byte{byte(kindFile)}, million...), make([]byte, 1<<20)...)
	for i := range 1 << 20 {
		holes[4+i] = 3
	}
	attributes := appendEntry([]byte{byte(kindDir), 1}, &Entry{Name: "a", Type: FIFO})
	attributes = append(append(attributes[:len(attributes)-1], flagXattrs), million...)
	for name, tc := range map[string]struct {
		body []byte
		most uint64
	}{
		"entries":          {append([]byte{byte(kindDir)}, million...), 64 << 10},
		"a folder's index": {append(append([]byte{byte(kindDirIndex)}, million...), make([]byte, 1<<20)...), 64 << 10},
		"a file's index":   {append(append([]byte{byte(kindFileIndex)}, million...), make([]byte, 1<<20)...), 64 << 10},
		"a million holes":  {holes, 64 << 10},
		"attributes":       {attributes, 64 << 10},
	} {
		t.Run(name, func(t *testing.T) {
			get := func(context.Context, chunk.ID) (Node, error) { return Node{Body: tc.body}, nil }
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			_, dirErr := entries(t.Context(), get, idOf(1))
			_, fileErr := extents(t.Context(), get, &Entry{Type: File, Size: 1 << 30, Tree: idOf(1)}, 0)
			runtime.ReadMemStats(&after)
			require.ErrorIs(t, dirErr, ErrFormat)
			require.ErrorIs(t, fileErr, ErrFormat)
			require.Less(t, after.TotalAlloc-before.TotalAlloc, tc.most)
		})
	}
}
