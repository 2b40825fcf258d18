package backup_test

import (
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/datastore"
	"github.com/heirloom-backup/heirloom/datastore/backend"
	"github.com/heirloom-backup/heirloom/datastore/backend/mem"
	"github.com/heirloom-backup/heirloom/datastore/backup"
	"github.com/heirloom-backup/heirloom/datastore/backup/source"
	"github.com/heirloom-backup/heirloom/internal/benchdata"
)

// The benchmarks here save what lies on disk, as far as the page cache does not have it, in a store in memory. Each run
// opens the store anew, as a program does.

const (
	benchFiles = 2000
	benchImage = 64 << 20 // bytes
)

// saved is something to be saved.
type saved struct {
	name   string
	source source.Source
	bytes  int64
	files  int
	change func(b *testing.B, day int) // one part in a hundred
}

func benchSources(b *testing.B) []saved {
	return []saved{smallFiles(b), oneImage(b), oneFile(b)}
}

// smallFiles is a folder as a programmer has it.
func smallFiles(b *testing.B) saved {
	dir, files := b.TempDir(), benchdata.Files(benchFiles, 1)
	require.NoError(b, benchdata.Write(dir, files))
	return saved{"files", source.Folder(dir, source.FolderOptions{}), benchdata.Bytes(files), benchFiles, func(b *testing.B, day int) {
		for i := day % 100; i < len(files); i += 100 {
			f := benchdata.File{Path: files[i].Path, Data: append(files[i].Data, byte(day))}
			require.NoError(b, benchdata.Write(dir, []benchdata.File{f}))
		}
	}}
}

func oneImage(b *testing.B) saved {
	image := benchdata.Image(benchImage, 1)
	path := writeFile(b, "disk.img", image)
	return saved{"image", source.ImageFile(path), benchImage, 1, func(b *testing.B, day int) {
		benchdata.Change(image, uint64(day))
		require.NoError(b, os.WriteFile(path, image, 0o644))
	}}
}

// oneFile is a large file that does not compress.
func oneFile(b *testing.B) saved {
	data := benchdata.Random(benchImage, 1)
	path := writeFile(b, "film", data)
	return saved{"random", source.Folder(filepath.Dir(path), source.FolderOptions{}), benchImage, 1, func(b *testing.B, day int) {
		benchdata.Change(data, uint64(day))
		require.NoError(b, os.WriteFile(path, data, 0o644))
	}}
}

func writeFile(b *testing.B, name string, data []byte) string {
	path := filepath.Join(b.TempDir(), name)
	require.NoError(b, os.WriteFile(path, data, 0o644))
	return path
}

func BenchmarkFirst(b *testing.B) {
	for _, src := range benchSources(b) {
		b.Run(src.name, func(b *testing.B) {
			measured(b, src, func() {
				b.StopTimer()
				storage := emptyStore(b)
				b.StartTimer()
				runOnce(b, storage, src)
			})
		})
	}
}

func BenchmarkUnchanged(b *testing.B) {
	for _, src := range benchSources(b) {
		b.Run(src.name, func(b *testing.B) {
			storage := emptyStore(b)
			runOnce(b, storage, src)
			measured(b, src, func() {
				res := runOnce(b, storage.Clone(), src)
				require.Zero(b, res.Stats.BytesNew)
				require.Zero(b, res.Stats.BytesRead, "nothing was read")
			})
		})
	}
}

func BenchmarkOnePercentChanged(b *testing.B) {
	for _, src := range benchSources(b) {
		b.Run(src.name, func(b *testing.B) {
			storage := emptyStore(b)
			runOnce(b, storage, src)
			day := 0
			measured(b, src, func() {
				b.StopTimer()
				day++
				src.change(b, day)
				b.StartTimer()
				require.NotZero(b, runOnce(b, storage, src).Stats.BytesNew)
			})
		})
	}
}

// BenchmarkReread is a full backup of what the store has already: cutting, naming and looking up alone.
func BenchmarkReread(b *testing.B) {
	for _, src := range benchSources(b) {
		b.Run(src.name, func(b *testing.B) {
			storage := emptyStore(b)
			runOnce(b, storage, src)
			measured(b, src, func() {
				res := saveOnce(b, storage.Clone(), src, backup.Options{Mode: datastore.Full})
				require.Zero(b, res.Stats.BytesNew)
			})
		})
	}
}

// measured runs one iteration after the other and says what each byte and each file took.
func measured(b *testing.B, src saved, iteration func()) {
	var before, after runtime.MemStats
	b.SetBytes(src.bytes)
	b.ReportAllocs()
	runtime.ReadMemStats(&before)
	for b.Loop() {
		iteration()
	}
	runtime.ReadMemStats(&after)
	if n := float64(b.N * src.files); src.files > 1 {
		b.ReportMetric(float64(b.Elapsed().Nanoseconds())/n, "ns/file")
		b.ReportMetric(float64(after.TotalAlloc-before.TotalAlloc)/n, "B/file")
	}
}

func emptyStore(b *testing.B) *mem.Backend {
	storage := mem.New()
	require.NoError(b, datastore.Create(b.Context(), storage, datastore.CreateOptions{}))
	return storage
}

func runOnce(b *testing.B, storage backend.Backend, src saved) *backup.Result {
	return saveOnce(b, storage, src, backup.Options{})
}

// saveOnce opens the store, saves the source and closes the store. By the store's clock it is tomorrow: a file that was
// written a moment ago is unchanged all the same.
func saveOnce(b *testing.B, storage backend.Backend, src saved, o backup.Options) *backup.Result {
	tomorrow := func() time.Time { return time.Now().AddDate(0, 0, 1) }
	s, err := datastore.Open(b.Context(), storage, datastore.Options{Now: tomorrow})
	require.NoError(b, err)
	res, err := backup.Run(b.Context(), s, src.source, o)
	require.NoError(b, err)
	require.NoError(b, s.Close())
	return res
}
