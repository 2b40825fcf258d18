package backup_test

import (
	"bytes"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/chunk"
	"github.com/heirloom-backup/heirloom/datastore"
	"github.com/heirloom-backup/heirloom/datastore/backend/mem"
	"github.com/heirloom-backup/heirloom/datastore/backup"
	"github.com/heirloom-backup/heirloom/datastore/backup/source"
	"github.com/heirloom-backup/heirloom/internal/benchdata"
)

// stored backs src up into a new store and returns how many bytes that took.
func stored(t *testing.T, src source.Source, level *chunk.Level) int64 {
	s := create(t, mem.New())
	r, err := backup.Run(t.Context(), s, src, backup.Options{Group: datastore.Group{Name: "x"}, Level: level})
	require.NoError(t, err)
	return r.Stats.BytesStored
}

// Folders are compressed harder than streams, unless the caller says how.
func TestLevel(t *testing.T) {
	text := benchdata.Text(2<<20, 1)
	folder := source.FS("x", fstest.MapFS{"a": {Data: text}})
	stream := func() source.Source { return source.Stream("x", bytes.NewReader(text)) }
	sizes := map[chunk.Level]int64{}
	for _, l := range []chunk.Level{chunk.Fastest, chunk.Balanced, chunk.Smaller} {
		sizes[l] = stored(t, folder, &l)
	}
	require.Less(t, sizes[chunk.Balanced], sizes[chunk.Fastest])
	require.Less(t, sizes[chunk.Smaller], sizes[chunk.Balanced])
	// Stores cut with secrets of their own, so sizes differ by a little; levels differ by several per cent.
	require.InEpsilon(t, sizes[chunk.Balanced], stored(t, folder, nil), .01)
	require.InEpsilon(t, stored(t, stream(), new(chunk.Fastest)), stored(t, stream(), nil), .01)
}
