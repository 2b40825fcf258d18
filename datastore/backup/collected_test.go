package backup_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/datastore"
	"github.com/heirloom-backup/heirloom/datastore/backend/backendtest"
	"github.com/heirloom-backup/heirloom/datastore/backend/mem"
	"github.com/heirloom-backup/heirloom/datastore/backup"
	"github.com/heirloom-backup/heirloom/datastore/backup/source"
)

// takeAway deletes all packs there are, with their chunks, in the moment the nth manifest of the group is put.
func takeAway(t *testing.T, f *backendtest.Faulty, b *mem.Backend, group string, nth int) {
	seen := 0
	f.After(func(c backendtest.Call) {
		if c.Kind != backendtest.Put || !strings.HasPrefix(c.Name, "snapshots/dataset/"+group+"/") || !strings.HasSuffix(c.Name, ".json") {
			return
		}
		if seen++; seen != nth {
			return
		}
		for info, err := range b.List(t.Context(), "packs/") {
			require.NoError(t, err)
			require.NoError(t, b.Delete(t.Context(), info.Name))
		}
	})
}

// Chunks that were collected meanwhile are read from the source once more, and the figures are those of one run.
func TestSourceIsReadAgain(t *testing.T) {
	b := mem.New()
	create(t, b)
	f := backendtest.New(b)
	s := open(t, f, datastore.Options{})
	takeAway(t, f, b, "data", 1)
	src, progress := sizes(), &backup.Progress{}
	res := run(t, s, src, backup.Options{Progress: progress})
	require.Equal(t, 2, src.opens("2/file"))
	require.Equal(t, int64(7), res.Stats.Files)
	require.Equal(t, int64(7), progress.Counters().Files)
	require.Equal(t, res.Stats.BytesSource, res.Snapshot.Stats.BytesSource)
	requireContent(t, src.want(), content(t, open(t, b, datastore.Options{}), res.Snapshot))
}

// A stream cannot be read again: that is a failed backup, said as such.
func TestStreamWhoseChunksWereCollected(t *testing.T) {
	b := mem.New()
	create(t, b)
	f := backendtest.New(b)
	s := open(t, f, datastore.Options{})
	takeAway(t, f, b, "stdin", 1)
	_, err := backup.Run(t.Context(), s, source.Stream("stdin", bytes.NewReader(noise(100_000, 1))), backup.Options{})
	require.ErrorIs(t, err, datastore.ErrCannotStoreAgain)
	for sn, err := range s.Snapshots(t.Context(), datastore.Filter{Unfinished: true}) {
		require.NoError(t, err)
		t.Fatalf("%s is there", sn.Address())
	}
}

// What the parent had is gone: it is read, however unchanged it looks.
func TestUnchangedFilesWhoseChunksAreGone(t *testing.T) {
	b := mem.New()
	s, src := create(t, b), sizes()
	run(t, s, src, backup.Options{})
	for info, err := range b.List(t.Context(), "packs/") {
		require.NoError(t, err)
		require.NoError(t, b.Delete(t.Context(), info.Name))
	}
	res := run(t, s, src, backup.Options{})
	require.Equal(t, res.Stats.BytesSource, res.Stats.BytesRead)
	requireContent(t, src.want(), content(t, open(t, b, datastore.Options{}), res.Snapshot))
}
