package datastore_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/datastore"
	"github.com/heirloom-backup/heirloom/datastore/backend/backendtest"
	"github.com/heirloom-backup/heirloom/datastore/backend/mem"
)

// Find reads the manifest that is asked for, however many the group has.
func TestFindReadsOneManifest(t *testing.T) {
	f := backendtest.New(mem.New())
	s := create(t, f)
	var all []*datastore.Snapshot
	for n := range 50 {
		all = append(all, commit(t, s, "www", files{"a": fmt.Append(nil, n)}))
	}
	for name, c := range map[string]struct {
		address datastore.Address
		want    *datastore.Snapshot
	}{
		"the latest":    {datastore.Address{Group: group("www")}, all[49]},
		"one by time":   {all[7].Address(), all[7]},
		"the first one": {all[0].Address(), all[0]},
	} {
		t.Run(name, func(t *testing.T) {
			before := f.Count(backendtest.Get, "snapshots/")
			sn, err := s.Find(t.Context(), c.address)
			require.NoError(t, err)
			require.Equal(t, c.want.ID, sn.ID)
			require.Equal(t, 1, f.Count(backendtest.Get, "snapshots/")-before)
		})
	}
}

// A removal is for good: a manifest that somebody puts back, with a promise, is neither found nor listed.
func TestManifestPutBackAfterItWasPruned(t *testing.T) {
	b := encrypted().Clone()
	s := open(t, b, datastore.Options{Passphrase: passphrase})
	older := commit(t, s, "www", oldFiles)
	sn := commit(t, s, "www", newFiles)
	require.NoError(t, s.Forget(t.Context(), sn, "test"))
	pruned := names(t, b, "pruned/")[0]
	manifest := "snapshots/" + strings.TrimPrefix(pruned, "pruned/")
	require.NoError(t, b.Put(t.Context(), manifest, readObject(t, b, pruned)))
	require.NoError(t, b.Put(t.Context(), strings.TrimSuffix(manifest, ".json")+".ok", nil))

	for name, s := range map[string]*datastore.Store{
		"the store that removed it": s,
		"another":                   open(t, b, datastore.Options{Passphrase: passphrase}),
	} {
		t.Run(name, func(t *testing.T) {
			_, err := s.Find(t.Context(), sn.Address())
			require.ErrorIs(t, err, datastore.ErrNoSnapshot)
			latest, err := s.Find(t.Context(), datastore.Address{Group: group("www")})
			require.NoError(t, err)
			require.Equal(t, older.ID, latest.ID)
			require.Len(t, list(t, s, datastore.Filter{Unfinished: true}), 1)
		})
	}
}
