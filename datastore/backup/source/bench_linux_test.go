package source_test

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/datastore/backup/source"
	"github.com/heirloom-backup/heirloom/datastore/tree"
)

// forest makes folders of files of some bytes each.
func forest(b *testing.B, folders, files, size int) string {
	dir := b.TempDir()
	content := make([]byte, size)
	for i := range folders {
		sub := filepath.Join(dir, fmt.Sprintf("folder%04d", i))
		require.NoError(b, os.Mkdir(sub, 0o755))
		for j := range files {
			require.NoError(b, os.WriteFile(filepath.Join(sub, fmt.Sprintf("file%04d.txt", j)), content, 0o644))
		}
	}
	return dir
}

// walk looks at every entry below d and returns how many there were.
func walk(b *testing.B, d source.Dir, detail bool) (n int) {
	for e, err := range d.Entries(b.Context()) {
		require.NoError(b, err)
		n++
		if detail {
			full := e
			require.NoError(b, d.Detail(b.Context(), &full))
		}
		if e.Type == tree.Dir {
			sub, err := d.OpenDir(b.Context(), e.Name)
			require.NoError(b, err)
			n += walk(b, sub, detail)
			require.NoError(b, sub.Close())
		}
	}
	return n
}

func BenchmarkWalk(b *testing.B) {
	dir := forest(b, 500, 99, 0)
	for _, c := range []struct {
		name    string
		detail  bool
		options source.FolderOptions
	}{
		{name: "plain"},
		{name: "detail", detail: true},
		{name: "exclude", options: source.FolderOptions{Exclude: []string{"*.o", "/tmp/", "node_modules/", "a/**/b", "*~"}}},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			n := 0
			for b.Loop() {
				root, err := source.Folder(dir, c.options).Open(b.Context())
				require.NoError(b, err)
				n = walk(b, root.Dir, c.detail)
				require.NoError(b, root.Dir.Close())
			}
			require.Equal(b, 50_000, n)
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*n), "ns/entry")
		})
	}
}

func BenchmarkSmallFiles(b *testing.B) {
	const files, size = 1000, 4 << 10
	dir, names := openSmall(b, files, size)
	buf := make([]byte, size+1)
	b.SetBytes(size)
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		readSmall(b, dir, names[i%files], buf)
	}
}

// BenchmarkSmallFilesParallel is the same with as many readers as a backup has, in one folder.
func BenchmarkSmallFilesParallel(b *testing.B) {
	const files, size, readers = 1000, 4 << 10, 8
	dir, names := openSmall(b, files, size)
	b.SetBytes(size)
	b.ReportAllocs()
	b.SetParallelism((readers + runtime.GOMAXPROCS(0) - 1) / runtime.GOMAXPROCS(0))
	var next atomic.Int64
	b.RunParallel(func(pb *testing.PB) {
		buf := make([]byte, size+1)
		for pb.Next() {
			readSmall(b, dir, names[next.Add(1)%files], buf)
		}
	})
}

// openSmall opens a folder of small files and lists it.
func openSmall(b *testing.B, files, size int) (dir source.Dir, names []string) {
	path := filepath.Join(forest(b, 1, files, size), "folder0000")
	root, err := source.Folder(path, source.FolderOptions{}).Open(b.Context())
	require.NoError(b, err)
	b.Cleanup(func() { require.NoError(b, root.Dir.Close()) })
	for e, err := range root.Dir.Entries(b.Context()) {
		require.NoError(b, err)
		names = append(names, e.Name)
	}
	return root.Dir, names
}

// readSmall is what a backup does with a file that fits a buffer.
func readSmall(b *testing.B, d source.Dir, name string, buf []byte) {
	f, err := d.OpenFile(b.Context(), name)
	if err != nil {
		b.Error(err) // not Fatal, which is for the benchmark's own goroutine
		return
	}
	n, err := io.ReadFull(f, buf)
	if n != len(buf)-1 || err != io.ErrUnexpectedEOF {
		b.Error(n, err)
	}
	if _, err := f.Stat(); err != nil {
		b.Error(err)
	}
	if err := f.Close(); err != nil {
		b.Error(err)
	}
}

// BenchmarkSmallFilesPlain is the same with package os, to compare.
func BenchmarkSmallFilesPlain(b *testing.B) {
	const files, size = 1000, 4 << 10
	dir := filepath.Join(forest(b, 1, files, size), "folder0000")
	root, err := os.OpenRoot(dir)
	require.NoError(b, err)
	buf := make([]byte, size+1)
	b.SetBytes(size)
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		f, err := root.Open(fmt.Sprintf("file%04d.txt", i%files))
		if err != nil {
			b.Fatal(err)
		}
		if n, _ := io.ReadFull(f, buf); n != size {
			b.Fatal(n)
		}
		if _, err := f.Stat(); err != nil {
			b.Fatal(err)
		}
		f.Close()
	}
	require.NoError(b, root.Close())
}
