package verify_test

import (
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/datastore"
	"github.com/heirloom-backup/heirloom/datastore/backend/mem"
	"github.com/heirloom-backup/heirloom/datastore/verify"
	"github.com/heirloom-backup/heirloom/internal/benchdata"
)

// BenchmarkRun verifies a whole store in memory, opened anew each time.
func BenchmarkRun(b *testing.B) {
	const large = 32 << 20 // bytes
	for name, files := range map[string][]benchdata.File{
		"files":  benchdata.Files(2000, 1),
		"image":  {{Path: "disk.img", Data: benchdata.Image(large, 1)}},
		"random": {{Path: "film", Data: benchdata.Random(large, 1)}},
	} {
		b.Run(name, func(b *testing.B) {
			storage := mem.New()
			require.NoError(b, datastore.Create(b.Context(), storage, datastore.CreateOptions{}))
			save(b, open(b, storage, datastore.Options{}), "data", folderOf(files))
			b.SetBytes(benchdata.Bytes(files))
			b.ReportAllocs()
			for b.Loop() {
				verifyOnce(b, storage.Clone())
			}
			if len(files) > 1 {
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*len(files)), "ns/file")
			}
		})
	}
}

func verifyOnce(b *testing.B, storage *mem.Backend) {
	s, err := datastore.Open(b.Context(), storage, datastore.Options{})
	require.NoError(b, err)
	report := run(b, s, verify.Options{})
	require.Len(b, report.Results, 1)
	require.True(b, report.Clean())
	require.NoError(b, s.Close())
}

func folderOf(files []benchdata.File) fstest.MapFS {
	folder := fstest.MapFS{}
	for _, f := range files {
		folder[f.Path] = &fstest.MapFile{Data: f.Data, Mode: 0o644}
	}
	return folder
}
