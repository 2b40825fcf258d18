package tree

import (
	"encoding/binary"
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/chunk"
)

func (s *nodes) fileIndex(total uint64, id chunk.ID) chunk.ID {
	return s.add(kindFileIndex, 1, binary.AppendUvarint(nil, total), Refs{Trees: []chunk.ID{id}})
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

// TestDepth has as many levels as there may be.
func TestDepth(t *testing.T) {
	s := newNodes()
	dir, file := s.dir(fileEntry("a", 1)), s.add(kindFile, 1, []byte{200, 1}, Refs{Contents: []chunk.ID{idOf(1)}})
	for range maxDepth - 1 {
		dir, file = s.dirIndex("a", dir), s.fileIndex(100, file)
	}
	list, err := entries(t.Context(), s.get, dir)
	require.NoError(t, err)
	require.Len(t, list, 1)
	placed, err := extents(t.Context(), s.get, &Entry{Type: File, Size: 100, Tree: file}, 0)
	require.NoError(t, err)
	require.Len(t, placed, 1)
}
