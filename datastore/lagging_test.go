package datastore_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/datastore"
	"github.com/heirloom-backup/heirloom/datastore/backend"
	"github.com/heirloom-backup/heirloom/datastore/backend/backendtest"
)

// TestLaggingListings shows why collection asks of a storage that a listing shows what was put before it. Two of the three
// listings cannot be checked against anything, and a promise is broken; the oracle of the model sees it. Such a storage
// is found unfit by a probe, and collection is refused there.
func TestLaggingListings(t *testing.T) {
	t.Run("snapshots: the ledger knows better", func(t *testing.T) {
		s := newStage(t, has("keep", beta))
		f := backendtest.New(s.storage)
		thaw, err := f.Freeze(t.Context(), "snapshots/")
		require.NoError(t, err)
		defer thaw()
		require.NoError(t, has("new", alpha)(t.Context(), s))
		require.ErrorIs(t, gc(true)(t.Context(), f), datastore.ErrListing)
		s.judge(t, nil)
	})
	for prefix, ends := range map[string]bool{"packs/": true, "condemned/": false} {
		t.Run(prefix, func(t *testing.T) {
			s := newStage(t, has("keep", beta), lost("old", alpha))
			var manifest, deletion *backendtest.Gate
			writer := enter(t, s, save("new", both), func(f *backendtest.Faulty) { manifest = f.Hold(backend.KindPut, "snapshots/", 1) })
			require.NoError(t, manifest.Reached(t.Context()))
			_, err := writer.Freeze(t.Context(), prefix)
			require.NoError(t, err)
			collector := enter(t, s, gc(true), func(f *backendtest.Faulty) {
				deletion = f.Hold(backend.KindDelete, "packs/", backendtest.Every)
			})
			require.NoError(t, deletion.Reached(t.Context()))
			if ends {
				deletion.Release()
				collector.ended <- collector.exit()
			}
			manifest.Release()
			wrote := writer.exit()
			deletion.Release()
			require.NoError(t, collector.exit())
			require.NoError(t, wrote, "it said ok")
			s.want["new"] = both
			err = s.play(runs("writer", "new", nil)).check(s.storage, map[string]error{"writer": wrote})
			require.ErrorContains(t, err, "MISSING", "and it was not")
		})
	}
	t.Run("a probe finds it out", func(t *testing.T) {
		f := backendtest.New(newStage(t, has("keep", beta)).storage)
		_, err := f.Freeze(t.Context(), "probe/")
		require.NoError(t, err)
		_, err = open(t, f, small).Collect(t.Context(), datastore.CollectOptions{})
		require.ErrorIs(t, err, backend.ErrUnfit)
	})
}
