package restore_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/restore"
)

func BenchmarkSmallFiles(b *testing.B) {
	top, size := dir("top"), int64(0)
	for i := range 2000 {
		folder := dir(fmt.Sprintf("%04d", i))
		for k := range 10 {
			data := make([]byte, 200+(i*k)%20_000)
			copy(data, fmt.Sprint(i, k))
			size += int64(len(data))
			folder.children = append(folder.children, file(fmt.Sprint(k), string(data)))
		}
		top.children = append(top.children, folder)
	}
	benchmark(b, top, size)
}

func BenchmarkLargeFile(b *testing.B) {
	o := file("large")
	for i := range 4096 {
		data := make([]byte, 128<<10)
		copy(data, fmt.Sprint(i))
		o.parts = append(o.parts, part{data: data})
	}
	benchmark(b, dir("top", o), 4096*128<<10)
}

func benchmark(b *testing.B, top *object, size int64) {
	f, root := prepare(b, top)
	base, n := b.TempDir(), 0
	b.SetBytes(size)
	for b.Loop() {
		n++
		dest := filepath.Join(base, fmt.Sprint(n))
		_, err := restore.Tree(b.Context(), f, root, dest, restore.Options{NoSync: true})
		require.NoError(b, err)
		b.StopTimer()
		require.NoError(b, os.RemoveAll(dest))
		b.StartTimer()
	}
}
