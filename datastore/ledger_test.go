package datastore_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"github.com/heirloom-backup/heirloom/datastore"
	"github.com/heirloom-backup/heirloom/datastore/backend"
	"github.com/heirloom-backup/heirloom/datastore/backend/mem"
)

func state(t testing.TB, s *datastore.Store) *datastore.State {
	t.Helper()
	st, err := s.State(t.Context())
	require.NoError(t, err)
	return st
}

func presentIn(t testing.TB, s *datastore.Store) map[string]bool {
	t.Helper()
	present := map[string]bool{}
	for _, sn := range list(t, s, datastore.Filter{Unfinished: true}) {
		present[sn.ID] = true
	}
	return present
}

func TestLedgerOfAnEmptyStore(t *testing.T) {
	st := state(t, create(t, mem.New()))
	require.Empty(t, st.Lost())
	require.Empty(t, st.Broken())
	require.Empty(t, st.Vanished(nil))
}

// State is the fold of the records, whoever reads it and in whatever order.
func TestLedgerFold(t *testing.T) {
	eachBackend(t, func(t *testing.T, b backend.Backend) {
		require.NoError(t, datastore.Create(t.Context(), b, datastore.CreateOptions{}))
		clock := steps()
		s := open(t, b, datastore.Options{Now: clock})
		one, two := commit(t, s, "one", oldFiles), commit(t, s, "two", newFiles)
		_, ok := state(t, s).Verified(one)
		require.False(t, ok)

		verified := func(sn *datastore.Snapshot, o datastore.Outcome, job string) datastore.Verification {
			return datastore.Verification{Snapshot: sn, Outcome: o, Job: job}
		}
		require.NoError(t, s.RecordVerifications(t.Context(), []datastore.Verification{
			verified(one, datastore.OutcomeOK, "first"), verified(two, datastore.OutcomeOK, ""),
			verified(one, datastore.OutcomeCorrupt, "second")}))
		require.NoError(t, s.Forget(t.Context(), two, "test"))

		for name, s := range map[string]*datastore.Store{"the same": s, "another": open(t, b, datastore.Options{})} {
			st := state(t, s)
			v, ok := st.Verified(one)
			require.True(t, ok, name)
			require.Equal(t, datastore.OutcomeCorrupt, v.Outcome, "the last one counts")
			require.Equal(t, "second", v.Job)
			require.WithinDuration(t, clock(), v.Time, time.Minute)
			require.Empty(t, st.Lost())
			require.Empty(t, st.Vanished(presentIn(t, s)), "what was removed has not vanished")
			gone := st.Vanished(nil)
			require.Len(t, gone, 1)
			require.Equal(t, one.Address(), gone[0].Address)
			require.Contains(t, names(t, b, "snapshots/"), gone[0].Object)
		}
	})
}

// A record that was lost or changed is missed by those that came after it.
func TestLedgerNoticesLostAndDamagedRecords(t *testing.T) {
	for name, c := range map[string]struct {
		harm   func(t *testing.T, b *mem.Backend, record string)
		lost   bool
		broken bool
	}{
		"lost":    {func(t *testing.T, b *mem.Backend, r string) { require.NoError(t, b.Delete(t.Context(), r)) }, true, false},
		"damaged": {func(t *testing.T, b *mem.Backend, r string) { flip(t, b, r, 20) }, false, true},
		"cut off": {func(t *testing.T, b *mem.Backend, r string) { replace(t, b, r, readObject(t, b, r)[:100]) }, false, true},
		"changed": {func(t *testing.T, b *mem.Backend, r string) {
			rewrite(t, b, r, func(p map[string]any) { p["job"] = "forged" })
		}, true, false},
	} {
		t.Run(name, func(t *testing.T) {
			b := mem.New()
			require.NoError(t, datastore.Create(t.Context(), b, datastore.CreateOptions{}))
			s := open(t, b, datastore.Options{Now: steps()})
			for n := range 3 {
				commit(t, s, fmt.Sprint("w", n), sessionFiles(n))
			}
			record := names(t, b, "ledger/")[1]
			c.harm(t, b, record)
			s = open(t, b, datastore.Options{})
			st := state(t, s)
			require.Equal(t, c.lost, len(st.Lost()) == 1 && st.Lost()[0] == record, "%v", st.Lost())
			require.Equal(t, c.broken, st.Broken()[record] != nil)
			found, err := s.CheckObjects(t.Context())
			require.NoError(t, err)
			require.Contains(t, found, record)
			require.Len(t, found, 1)
			commit(t, s, "next", oldFiles)
		})
	}
}

// Concurrent writers fork the chain; the next record joins it again.
func TestLedgerWithConcurrentWriters(t *testing.T) {
	b := mem.New()
	require.NoError(t, datastore.Create(t.Context(), b, datastore.CreateOptions{}))
	stores := []*datastore.Store{open(t, b, datastore.Options{}), open(t, b, datastore.Options{})}
	var group errgroup.Group
	for n := range 20 {
		group.Go(func() error {
			commit(t, stores[n%2], fmt.Sprint("w", n), sessionFiles(n))
			return nil
		})
	}
	require.NoError(t, group.Wait())
	last := commit(t, stores[0], "last", oldFiles)
	require.NoError(t, stores[1].Forget(t.Context(), last, "test"))
	st := state(t, stores[0])
	require.Empty(t, st.Lost())
	require.Len(t, st.Vanished(nil), 20)
	for _, record := range names(t, b, "ledger/")[:20] {
		clone := b.Clone()
		require.NoError(t, clone.Delete(t.Context(), record))
		require.Equal(t, []string{record}, state(t, open(t, clone, datastore.Options{})).Lost())
	}
}
