package index

import (
	"bufio"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// million opens a table of a million entries from a file.
func million(b *testing.B) *Table {
	f, err := os.Create(filepath.Join(b.TempDir(), "table"))
	require.NoError(b, err)
	b.Cleanup(func() { f.Close() })
	w := bufio.NewWriter(f)
	require.NoError(b, Build(w, numbered(1000, 1000)))
	require.NoError(b, w.Flush())
	info, err := f.Stat()
	require.NoError(b, err)
	t, err := Open(f, info.Size())
	require.NoError(b, err)
	return t
}

func BenchmarkFind(b *testing.B) {
	t := million(b)
	for _, bc := range []struct {
		name  string
		first int
	}{{"hit", 0}, {"miss", 1 << 40}} {
		b.Run(bc.name, func(b *testing.B) {
			var places []Place
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				id := idOf(bc.first + i*7919%1_000_000)
				var err error
				if places, err = t.Find(places[:0], &id); err != nil || (bc.first == 0) != (len(places) == 1) {
					b.Fatal(len(places), err)
				}
			}
		})
	}
}

func BenchmarkBuild(b *testing.B) {
	sources := numbered(200, 1000)
	b.ReportAllocs()
	for b.Loop() {
		require.NoError(b, Build(&counter{}, sources))
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*200_000), "ns/entry")
}

func BenchmarkMerge(b *testing.B) {
	var tables []*Table
	sources := numbered(200, 1000)
	for i := range 4 {
		tables = append(tables, tableOf(b, sources[i*50:i*50+50]...))
	}
	b.ReportAllocs()
	for b.Loop() {
		require.NoError(b, Merge(&counter{}, tables, func(string) bool { return true }))
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*200_000), "ns/entry")
}

// counter is a file that only counts.
type counter struct{ n int }

func (c *counter) Write(p []byte) (int, error) {
	c.n += len(p)
	return len(p), nil
}
