package verify_test

import (
	"bytes"
	"context"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/datastore"
	"github.com/heirloom-backup/heirloom/datastore/backend"
	"github.com/heirloom-backup/heirloom/datastore/backend/mem"
	"github.com/heirloom-backup/heirloom/datastore/backup"
	"github.com/heirloom-backup/heirloom/datastore/backup/source"
	"github.com/heirloom-backup/heirloom/datastore/verify"
)

// spoil changes a byte in the frames of every content pack.
func spoil(ctx context.Context, t *testing.T, b *mem.Backend) {
	t.Helper()
	names, err := backend.Names(ctx, b, "packs/")
	require.NoError(t, err)
	for _, name := range names {
		data, err := backend.ReadAll(ctx, b, name, 1<<30)
		require.NoError(t, err)
		if i := bytes.Index(data, []byte("unmistakable")); i >= 0 {
			data[i]++
			require.NoError(t, b.Delete(ctx, name))
			require.NoError(t, b.Put(ctx, name, data))
		}
	}
}

// A backup that meets a chunk known to be damaged stores it again, and the older snapshots are whole again with it.
func TestBackupHealsWhatVerifyFound(t *testing.T) {
	b := mem.New()
	require.NoError(t, datastore.Create(t.Context(), b, datastore.CreateOptions{}))
	src := source.FS("data", fstest.MapFS{"file": {Data: []byte("unmistakable" + strings.Repeat("\x00\x91\xfe", 3))}})
	save := func(mode datastore.Mode) *backup.Result {
		s, err := datastore.Open(t.Context(), b, datastore.Options{})
		require.NoError(t, err)
		defer s.Close()
		res, err := backup.Run(t.Context(), s, src, backup.Options{Mode: mode})
		require.NoError(t, err)
		return res
	}
	outcomes := func() (list []datastore.Outcome) {
		s, err := datastore.Open(t.Context(), b, datastore.Options{})
		require.NoError(t, err)
		defer s.Close()
		rep, err := verify.Run(t.Context(), s, verify.Options{})
		require.NoError(t, err)
		for _, r := range rep.Results {
			list = append(list, r.Outcome)
		}
		return list
	}
	save(datastore.Full)
	spoil(t.Context(), t, b)
	require.Zero(t, save(datastore.Full).Stats.BytesNew, "nobody knows yet")
	require.Equal(t, []datastore.Outcome{datastore.OutcomeCorrupt, datastore.OutcomeCorrupt}, outcomes())
	require.Positive(t, save(datastore.Incremental).Stats.BytesNew, "known now, so it is stored again")
	require.Zero(t, save(datastore.Full).Stats.BytesNew, "once is enough")
	require.Equal(t, []datastore.Outcome{datastore.OutcomeOK, datastore.OutcomeOK, datastore.OutcomeOK, datastore.OutcomeOK}, outcomes())
}
