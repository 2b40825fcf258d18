package datastore_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/datastore"
	"github.com/heirloom-backup/heirloom/datastore/backend"
	"github.com/heirloom-backup/heirloom/datastore/backend/backendtest"
	"github.com/heirloom-backup/heirloom/datastore/backend/mem"
)

// verifyAgain writes n records.
func verifyAgain(t *testing.T, s *datastore.Store, sn *datastore.Snapshot, n int) {
	t.Helper()
	for range n {
		require.NoError(t, s.RecordVerifications(t.Context(), []datastore.Verification{{Snapshot: sn, Outcome: datastore.OutcomeOK}}))
	}
}

// checkpoints returns the names of the ledger's checkpoints, oldest first.
func checkpoints(t *testing.T, b backend.Backend) []string {
	t.Helper()
	return slices.DeleteFunc(names(t, b, "ledger/"), func(name string) bool { return !strings.HasSuffix(name, ".checkpoint") })
}

// After a checkpoint a reader needs it and what came after, and learns the same as one that reads every record.
func TestCheckpointStandsForTheRecordsItCovers(t *testing.T) {
	b := mem.New()
	s := create(t, b)
	sn := commit(t, s, "www", oldFiles)
	verifyAgain(t, s, sn, 300)
	two := commit(t, s, "db", newFiles)
	require.NoError(t, s.Forget(t.Context(), two, "test"))
	require.Len(t, checkpoints(t, b), 1)

	faulty := backendtest.New(b)
	fresh := open(t, faulty, datastore.Options{})
	st := state(t, fresh)
	require.Less(t, faulty.Count(backendtest.Get, "ledger/"), 60, "the checkpoint and what it does not cover")
	v, ok := st.Verified(sn)
	require.True(t, ok)
	require.Equal(t, datastore.OutcomeOK, v.Outcome)
	require.Empty(t, st.Lost())
	require.Empty(t, st.Vanished(map[string]bool{sn.ID: true}))
	require.Len(t, st.Vanished(nil), 1)
}

// A collector may remove what a checkpoint covers; a loss from before it stays known.
func TestCheckpointOutlivesItsRecords(t *testing.T) {
	b := mem.New()
	require.NoError(t, datastore.Create(t.Context(), b, datastore.CreateOptions{}))
	s := open(t, b, datastore.Options{Now: steps()}) // records sort in the order they were written
	sn := commit(t, s, "www", oldFiles)
	verifyAgain(t, s, sn, 10)
	lost := names(t, b, "ledger/")[5]
	require.NoError(t, b.Delete(t.Context(), lost))
	verifyAgain(t, s, sn, 260)
	for _, name := range names(t, b, "ledger/") {
		if !strings.HasSuffix(name, ".checkpoint") {
			require.NoError(t, b.Delete(t.Context(), name))
		}
	}
	st := state(t, open(t, b, datastore.Options{}))
	require.Contains(t, st.Lost(), lost)
	_, ok := st.Verified(sn)
	require.True(t, ok)
}
