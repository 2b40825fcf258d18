//go:build linux

package endtoend

import (
	"fmt"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"github.com/heirloom-backup/heirloom/datastore"
	"github.com/heirloom-backup/heirloom/datastore/backend/mem"
	"github.com/heirloom-backup/heirloom/datastore/backup"
	"github.com/heirloom-backup/heirloom/datastore/backup/source"
)

// TestOneAddressEach commits snapshots of one group at the same moment, by a clock that stands still. Each gets an address
// of its own all the same.
func TestOneAddressEach(t *testing.T) {
	for range sampled(10, 200) {
		b := mem.New()
		require.NoError(t, datastore.Create(t.Context(), b, datastore.CreateOptions{}))
		now := func() time.Time { return time.Date(2026, 11, 22, 2, 0, 0, 0, time.UTC) }
		addresses := make([]string, 6)
		var group errgroup.Group
		for i := range addresses {
			group.Go(func() error {
				store, err := datastore.Open(t.Context(), b, datastore.Options{Now: now})
				if err != nil {
					return err
				}
				defer store.Close()
				src := source.FS("data", fstest.MapFS{"file": {Data: fmt.Append(nil, i)}})
				result, err := backup.Run(t.Context(), store, src, backup.Options{})
				if err == nil {
					addresses[i] = result.Snapshot.Address().String()
				}
				return err
			})
		}
		require.NoError(t, group.Wait())
		different := map[string]bool{}
		for _, a := range addresses {
			different[a] = true
		}
		require.Len(t, different, len(addresses), "%v", addresses)
		requireClean(t, b, len(addresses))
	}
}
