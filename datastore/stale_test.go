package datastore_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/datastore"
	"github.com/heirloom-backup/heirloom/datastore/backend/backendtest"
	"github.com/heirloom-backup/heirloom/datastore/backend/mem"
)

// A listing that left out packs which are there, once, does no lasting harm: the next refresh finds what they hold.
func TestListingThatMissedPacksHeals(t *testing.T) {
	for name, cache := range map[string]string{"tables in memory": "", "tables in a cache": t.TempDir()} {
		t.Run(name, func(t *testing.T) {
			f := backendtest.New(mem.New())
			require.NoError(t, datastore.Create(t.Context(), f, datastore.CreateOptions{}))
			s := open(t, f, datastore.Options{CacheDir: cache})
			sn := commit(t, s, "www", oldFiles)

			f.Cut("packs/", 1, 0, nil)
			missed, err := s.Packs(t.Context())
			require.NoError(t, err)
			require.Empty(t, missed)

			again, err := s.Packs(t.Context())
			require.NoError(t, err)
			require.NotEmpty(t, again)
			requireFiles(t, s, sn.Root, oldFiles)
			w := begin(t, s)
			put(t, w, oldFiles)
			require.Zero(t, w.Stats().ChunksNew, "all of it is known again")
			require.NoError(t, w.Close())
		})
	}
}
