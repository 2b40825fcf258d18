package tree

import (
	"context"
	"encoding/binary"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/chunk"
	"github.com/heirloom-backup/heirloom/internal/alloctest"
)

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
	for name, body := range map[string][]byte{
		"entries":          append([]byte{byte(kindDir)}, million...),
		"a folder's index": append(append([]byte{byte(kindDirIndex)}, million...), make([]byte, 1<<20)...),
		"a file's index":   append(append([]byte{byte(kindFileIndex)}, million...), make([]byte, 1<<20)...),
		"a million holes":  holes,
		"attributes":       attributes,
	} {
		t.Run(name, func(t *testing.T) {
			get := func(context.Context, chunk.ID) (Node, error) { return Node{Body: body}, nil }
			var dirErr, fileErr error
			spent := alloctest.Bytes(func() {
				_, dirErr = entries(t.Context(), get, idOf(1))
				_, fileErr = extents(t.Context(), get, &Entry{Type: File, Size: 1 << 30, Tree: idOf(1)}, 0)
			})
			require.ErrorIs(t, dirErr, ErrFormat)
			require.ErrorIs(t, fileErr, ErrFormat)
			require.Less(t, spent, uint64(64<<10))
		})
	}
}
