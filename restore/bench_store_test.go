package restore_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/datastore"
	"github.com/heirloom-backup/heirloom/datastore/backend/mem"
	"github.com/heirloom-backup/heirloom/datastore/backup"
	"github.com/heirloom-backup/heirloom/datastore/backup/source"
	"github.com/heirloom-backup/heirloom/internal/benchdata"
	"github.com/heirloom-backup/heirloom/restore"
)

// BenchmarkStore restores whole snapshots from a store in memory, opened anew each time, to disk, which need not have
// written it when a restore ends. The other benchmarks go without a store.
func BenchmarkStore(b *testing.B) {
	const large = 64 << 20 // bytes
	dir, files := b.TempDir(), benchdata.Files(2000, 1)
	require.NoError(b, benchdata.Write(dir, files))
	for _, c := range []struct {
		name   string
		source source.Source
		bytes  int64
		files  int
	}{
		{"files", source.Folder(dir, source.FolderOptions{}), benchdata.Bytes(files), len(files)},
		{"image", source.ImageFile(benchFile(b, benchdata.Image(large, 1))), large, 1},
		{"random", source.ImageFile(benchFile(b, benchdata.Random(large, 1))), large, 1},
	} {
		b.Run(c.name, func(b *testing.B) {
			storage, sn := benchStore(b, c.source)
			restores, n := b.TempDir(), 0
			b.SetBytes(c.bytes)
			b.ReportAllocs()
			for b.Loop() {
				n++
				restoreOnce(b, storage, sn, filepath.Join(restores, fmt.Sprint(n)))
			}
			if c.files > 1 {
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*c.files), "ns/file")
			}
		})
	}
}

func benchFile(b *testing.B, data []byte) string {
	path := filepath.Join(b.TempDir(), "disk.img")
	require.NoError(b, os.WriteFile(path, data, 0o644))
	return path
}

// benchStore saves a source in a store of its own.
func benchStore(b *testing.B, src source.Source) (*mem.Backend, *datastore.Snapshot) {
	storage := mem.New()
	require.NoError(b, datastore.Create(b.Context(), storage, datastore.CreateOptions{}))
	s, err := datastore.Open(b.Context(), storage, datastore.Options{})
	require.NoError(b, err)
	defer s.Close()
	res, err := backup.Run(b.Context(), s, src, backup.Options{})
	require.NoError(b, err)
	return storage, res.Snapshot
}

// restoreOnce restores a snapshot and, unmeasured, removes what it restored.
func restoreOnce(b *testing.B, storage *mem.Backend, sn *datastore.Snapshot, dest string) {
	s, err := datastore.Open(b.Context(), storage, datastore.Options{})
	require.NoError(b, err)
	res, err := restore.Tree(b.Context(), s, sn.Root, dest,
		restore.Options{NoSync: true, ZerosAreHoles: true, SizeHint: sn.Stats.BytesSource})
	require.NoError(b, err)
	require.Zero(b, res.DamageCount)
	require.NoError(b, s.Close())
	b.StopTimer()
	require.NoError(b, os.RemoveAll(dest))
	b.StartTimer()
}
