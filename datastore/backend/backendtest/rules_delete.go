package backendtest

import (
	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/datastore/backend"
)

var deleteRules = []rule[backend.Backend]{
	{"delete", "When Delete returns, the object is gone from every later Get and List, and no other is.", deleteOne},
	{"delete absent", "Deleting what does not exist succeeds, so that a deletion may be repeated.", deleteAbsent},
}

func deleteOne(t tester, b backend.Backend) {
	put(t, b, "a/goes", []byte("x"))
	put(t, b, "a/goes.not", []byte("y"))
	require.NoError(t, b.Delete(t.Context(), "a/goes"))
	requireAbsent(t, b, "a/goes")
	requireObject(t, b, "a/goes.not", []byte("y"))
	require.Equal(t, []string{"a/goes.not"}, list(t, b, "a/"))
}

func deleteAbsent(t tester, b backend.Backend) {
	require.NoError(t, b.Delete(t.Context(), "absent"))
	require.NoError(t, b.Delete(t.Context(), "no/such/folder"))
	put(t, b, "a", []byte("x"))
	require.NoError(t, b.Delete(t.Context(), "a"))
	require.NoError(t, b.Delete(t.Context(), "a"))
}
