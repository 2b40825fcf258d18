package backup_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/datastore"
	"github.com/heirloom-backup/heirloom/datastore/backend/mem"
	"github.com/heirloom-backup/heirloom/datastore/backup"
	"github.com/heirloom-backup/heirloom/datastore/backup/source"
)

// An image whose times say that it is what the parent has is not read again; one that was written to is.
func TestUnchangedImageIsNotRead(t *testing.T) {
	path := filepath.Join(t.TempDir(), "disk.img")
	data := noise(5<<20, 1)
	require.NoError(t, os.WriteFile(path, data, 0o600))
	b := mem.New()
	create(t, b)
	later := func() time.Time { return time.Now().Add(time.Hour) } // clearly after the file was written
	s := open(t, b, datastore.Options{Now: later})
	save := func(mode datastore.Mode) *backup.Result {
		res, err := backup.Run(t.Context(), s, source.ImageFile(path), backup.Options{Mode: mode})
		require.NoError(t, err)
		require.Equal(t, int64(len(data)), res.Stats.BytesSource)
		return res
	}
	first := save(datastore.Incremental)
	require.Equal(t, int64(len(data)), first.Stats.BytesRead)
	second := save(datastore.Incremental)
	require.Zero(t, second.Stats.BytesRead)
	require.Equal(t, first.Snapshot.Root, second.Snapshot.Root)
	require.Equal(t, int64(len(data)), save(datastore.Full).Stats.BytesRead)

	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	require.NoError(t, err)
	_, err = f.WriteAt([]byte("written"), 1<<20)
	require.NoError(t, err)
	require.NoError(t, f.Close())
	require.NoError(t, os.Chtimes(path, time.Time{}, time.Now().Add(time.Minute)))
	changed := save(datastore.Incremental)
	require.Equal(t, int64(len(data)), changed.Stats.BytesRead)
	require.NotEqual(t, first.Snapshot.Root, changed.Snapshot.Root)
}
