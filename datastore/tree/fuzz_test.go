package tree

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/chunk"
)

func FuzzDecodeRefs(f *testing.F) {
	f.Add(AppendRefs(nil, Refs{}))
	f.Add(append(AppendRefs(nil, Refs{Trees: []chunk.ID{idOf(1)}, Contents: []chunk.ID{idOf(2), idOf(3)}}), "body"...))
	f.Fuzz(func(t *testing.T, data []byte) {
		refs, n, err := DecodeRefs(data)
		if err != nil {
			return
		}
		require.LessOrEqual(t, n, len(data))
		again, _, err := DecodeRefs(AppendRefs(nil, refs))
		require.NoError(t, err)
		require.Equal(t, refs, again)
	})
}

// seeds are nodes of all kinds, as they are stored.
func seeds(f *testing.F) {
	s := newNodes()
	leaf := s.dir(everything()...)
	s.dir()
	s.dirIndex("block", leaf)
	s.add(kindFile, 2, []byte{20, 11}, Refs{Contents: []chunk.ID{idOf(1)}})
	s.fileIndex(15, leaf)
	for _, plain := range s.byID {
		f.Add(plain)
	}
}

// node returns what a store would of data; it is below itself, which a hash does not allow, but nothing here checks.
func node(data []byte) Get {
	return func(context.Context, chunk.ID) (Node, error) {
		refs, n, err := DecodeRefs(data)
		return Node{Refs: refs, Body: data[n:]}, err
	}
}

// FuzzEntries checks that what a hostile folder yields is in order, can be looked up, and can be written again.
func FuzzEntries(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		last := ""
		b := NewDirBuilder(newNodes().put)
		for e, err := range Entries(t.Context(), node(data), idOf(1)) {
			if err != nil {
				break
			}
			require.Greater(t, e.Name, last)
			last = e.Name
			require.NoError(t, b.Add(t.Context(), &e))
			found, ok, err := Find(t.Context(), node(data), idOf(1), e.Name)
			require.NoError(t, err)
			require.True(t, ok)
			require.Equal(t, e, found)
		}
	})
}

// FuzzExtents checks that what a hostile file yields follows on each other and stays inside the file.
func FuzzExtents(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		const size = 1 << 12
		var at int64
		for x, err := range Extents(t.Context(), node(data), &Entry{Type: File, Size: size, Tree: idOf(1)}, 0) {
			if err != nil {
				return
			}
			require.Equal(t, at, x.Offset)
			require.Positive(t, x.Length)
			at += x.Length
			require.LessOrEqual(t, at, int64(size))
		}
		require.Equal(t, int64(size), at)
	})
}
