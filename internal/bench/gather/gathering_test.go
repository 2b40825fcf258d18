package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// plant makes a folder "from" with 60 folders of 10 files, all of text, 3 MiB in all, and a symbolic link.
func plant(t *testing.T) string {
	root := filepath.Join(t.TempDir(), "from")
	for i := range 600 {
		folder := filepath.Join(root, fmt.Sprint(i/10))
		require.NoError(t, os.MkdirAll(folder, 0o755))
		text := bytes.Repeat(fmt.Appendf(nil, "file %d: once upon a time\n", i), 5<<10/26)
		require.NoError(t, os.WriteFile(filepath.Join(folder, fmt.Sprint(i)), text, 0o444))
	}
	require.NoError(t, os.Symlink("../7/70", filepath.Join(root, "3", "link")))
	return root
}

func TestAll(t *testing.T) {
	root := plant(t)
	old := time.Unix(1e9, 0)
	require.NoError(t, os.Chtimes(filepath.Join(root, "5", "50"), old, old))
	g := gathering{dest: filepath.Join(t.TempDir(), "dest"), without: filepath.Join(root, "9")}
	require.NoError(t, g.run(0, []string{root}))
	require.EqualValues(t, 590, g.files)

	copied := filepath.Join(g.dest, "from", "5", "50")
	require.Equal(t, read(t, filepath.Join(root, "5", "50")), read(t, copied))
	info, err := os.Stat(copied)
	require.NoError(t, err)
	require.Equal(t, old, info.ModTime())
	require.EqualValues(t, 0o644, info.Mode(), "whoever made it may change it")
	target, err := os.Readlink(filepath.Join(g.dest, "from", "3", "link"))
	require.NoError(t, err)
	require.Equal(t, "../7/70", target)
	require.NoDirExists(t, filepath.Join(g.dest, "from", "9"), "left out")
	require.NoDirExists(t, filepath.Join(g.dest, "copy1"))
}

func TestCopiesDiffer(t *testing.T) {
	root := plant(t)
	all := gathering{dest: t.TempDir()}
	require.NoError(t, all.run(0, []string{root}))
	g := gathering{dest: filepath.Join(t.TempDir(), "dest")}
	require.NoError(t, g.run(3*all.bytes, []string{root}))
	require.Equal(t, 3*all.files, g.files)

	original := read(t, filepath.Join(g.dest, "from", "1", "10"))
	first := read(t, filepath.Join(g.dest, "copy1", "from", "1", "10"))
	second := read(t, filepath.Join(g.dest, "copy2", "from", "1", "10"))
	require.Contains(t, string(original), "file 10: once upon a time")
	require.Contains(t, string(first), "gjmf 10: podf vqpo b ujnf")
	require.Contains(t, string(second), "hkng 10: qpeg wrqp c vkog")
}

func TestTooMuch(t *testing.T) {
	g := gathering{dest: filepath.Join(t.TempDir(), "dest")}
	require.ErrorContains(t, g.run(1<<40, []string{plant(t)}), "cannot be made of")
	require.ErrorContains(t, g.run(0, []string{t.TempDir()}), "cannot be made of")
	require.Error(t, g.run(0, []string{filepath.Join(t.TempDir(), "missing")}))
}

// TestSample holds a sample to its size, and to whole folders in their order.
func TestSample(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		sizes := rapid.SliceOfN(rapid.Int64Range(0, 40<<20), 1, 300).Draw(t, "sizes")
		share := rapid.Float64Range(0.01, 1).Draw(t, "share")
		var folders []folder
		for i, bytes := range sizes {
			folders = append(folders, folder{name: fmt.Sprintf("%04d", i), size: bytes})
		}
		taken := sample(folders, share)
		require.LessOrEqual(t, float64(size(taken)), share*float64(size(folders))+1)
		require.True(t, slices.IsSortedFunc(taken, func(a, b folder) int { return strings.Compare(a.name, b.name) }))
		require.Equal(t, taken, sample(folders, share), "the same each time")
	})
}

func TestShiftsArePermutations(t *testing.T) {
	for n, shift := range shifts {
		var seen [256]bool
		for _, b := range shift {
			require.False(t, seen[b], "two bytes become one in copy %d", n)
			seen[b] = true
		}
	}
}

func read(t *testing.T, path string) []byte {
	data, err := os.ReadFile(path)
	require.NoError(t, err)
	return data
}
