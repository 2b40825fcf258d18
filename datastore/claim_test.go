package datastore_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/chunk"
	"github.com/heirloom-backup/heirloom/datastore/backend/mem"
	"github.com/heirloom-backup/heirloom/datastore/internal/pack"
	"github.com/heirloom-backup/heirloom/datastore/tree"
)

// A Put that is refused for one of its chunks claims none of them: the others, put again, are stored.
func TestPutWithTooLargeAChunkClaimsNothing(t *testing.T) {
	s := create(t, mem.New())
	w := begin(t, s)
	small, large := noise(1000, 1), make([]byte, pack.MaxPlain+1)
	require.ErrorContains(t, w.Put(t.Context(), [][]byte{small, large}, make([]chunk.ID, 2)), "limit")
	_, err := w.PutNode(t.Context(), tree.Node{Body: large})
	require.ErrorContains(t, err, "limit")
	require.Zero(t, w.Stats().ChunksNew)

	sn, err := w.Commit(t.Context(), draft("www", put(t, w, files{"a": small})))
	require.NoError(t, err)
	require.NoError(t, w.Close())
	requireFiles(t, s, sn.Root, files{"a": small})
}
