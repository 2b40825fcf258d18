package datastore_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/datastore"
	"github.com/heirloom-backup/heirloom/datastore/backend/mem"
)

// A folder's name need not be UTF-8, and so the name of a group need not be, whatever documents are made of.
func TestNameThatIsNotUTF8(t *testing.T) {
	const name = "caf\xe9"
	b := mem.New()
	s := create(t, b)
	sn := commit(t, s, name, oldFiles)
	other := commit(t, s, "caf\xe8", newFiles)
	s = open(t, b, datastore.Options{})
	found, err := s.Find(t.Context(), sn.Address())
	require.NoError(t, err)
	require.Equal(t, name, found.Name)
	requireFiles(t, s, found.Root, oldFiles)
	require.NoError(t, s.Forget(t.Context(), sn, "test"))
	gone, err := s.FindPruned(t.Context(), sn.Address())
	require.NoError(t, err)
	require.Equal(t, name, gone.Name)
	require.NoError(t, b.Delete(t.Context(), names(t, b, "snapshots/")[0]))
	lost, err := s.Lost(t.Context())
	require.NoError(t, err)
	require.Len(t, lost, 1)
	require.Equal(t, other.Address(), lost[0].Address, "the ledger's names, too")
}
