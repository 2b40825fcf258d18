package tree

import (
	"math"
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

func (s *nodes) dirIndex(first string, id chunk.ID, more ...child) chunk.ID {
	body, refs := wire.AppendBytes(nil, first), Refs{Trees: []chunk.ID{id}}
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
