package datastore_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/datastore"
	"github.com/heirloom-backup/heirloom/datastore/backend"
	"github.com/heirloom-backup/heirloom/datastore/backend/backendtest"
)

func TestForget(t *testing.T) {
	eachBackend(t, func(t *testing.T, b backend.Backend) {
		s := create(t, b)
		sn := commit(t, s, "www", oldFiles)
		manifest := strings.TrimPrefix(names(t, b, "snapshots/")[0], "snapshots/")
		copied := readObject(t, b, "snapshots/"+manifest)
		for range 2 { // twice is the same as once
			require.NoError(t, s.Forget(t.Context(), sn, "test"))
			require.Empty(t, names(t, b, "snapshots/"))
			require.Equal(t, []string{"pruned/" + manifest}, names(t, b, "pruned/"))
			require.Equal(t, copied, readObject(t, b, "pruned/"+manifest), "what undelete needs")
		}
		_, err := s.Find(t.Context(), sn.Address())
		require.ErrorIs(t, err, datastore.ErrNoSnapshot)
		require.Empty(t, state(t, s).Vanished(nil))
		found, err := s.CheckObjects(t.Context())
		require.NoError(t, err)
		require.Empty(t, found)
		requireFiles(t, s, sn.Root, oldFiles)
	})
}

func TestOrderOfForget(t *testing.T) {
	w := newWorld(t)
	sn := list(t, w.store, datastore.Filter{})[0]
	before := len(w.faulty.Calls())
	require.NoError(t, w.store.Forget(t.Context(), sn, "test"))
	order := slices.DeleteFunc(orderOf(w.faulty.Calls()[before:]), func(s string) bool { return strings.HasPrefix(s, "get") })
	require.Equal(t, []string{"put removals", "put pruned", "put ledger", "delete snapshots", "delete promise", "delete removals"}, order)
}

// However far a removal came, the snapshot is there or it is not, and doing it again ends it.
func TestForgetThatWasInterrupted(t *testing.T) {
	for step := 1; step <= 6; step++ {
		w := newWorld(t)
		sn := list(t, w.store, datastore.Filter{})[0]
		w.faulty.CrashBefore(backendtest.Write, "", step)
		require.ErrorIs(t, w.store.Forget(t.Context(), sn, "test"), backendtest.ErrCrashed)
		s := open(t, w.inside, datastore.Options{})
		found, err := s.CheckObjects(t.Context())
		require.NoError(t, err)
		require.Empty(t, found, "after step %d nothing looks damaged", step)
		require.Empty(t, state(t, s).Vanished(presentIn(t, s)))
		require.NoError(t, s.Forget(t.Context(), sn, "test"))
		require.Empty(t, names(t, w.inside, "snapshots/"))
	}
}
