package main

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestTree(t *testing.T) {
	before := contents(t, plant(t))
	day2, again, day3 := plant(t), plant(t), plant(t)
	require.NoError(t, mutate(day2, 10, 2, ""))
	require.NoError(t, mutate(again, 10, 2, ""))
	require.NoError(t, mutate(day3, 10, 3, ""))

	require.Equal(t, contents(t, day2), contents(t, again), "the same day makes the same change")
	require.NotEqual(t, contents(t, day2), contents(t, day3), "another day makes another")

	removed, edited, added := difference(before, contents(t, day2))
	require.Equal(t, []int{2, 16, 2}, []int{removed, edited, added}, "removed, edited, added of 20 in 200 files")
}

// plant makes 200 files, empty ones among them.
func plant(t *testing.T) string {
	root := t.TempDir()
	for i := range 200 {
		folder := filepath.Join(root, fmt.Sprint(i%7))
		require.NoError(t, os.MkdirAll(folder, 0o755))
		require.NoError(t, os.WriteFile(filepath.Join(folder, fmt.Sprint(i)), make([]byte, i/10*1000), 0o600))
	}
	return root
}

func contents(t *testing.T, root string) map[string]string {
	files, err := regularFiles(root)
	require.NoError(t, err)
	found := map[string]string{}
	for _, path := range files {
		data, err := os.ReadFile(path)
		require.NoError(t, err)
		name, err := filepath.Rel(root, path)
		require.NoError(t, err)
		found[name] = string(data)
	}
	return found
}

func difference(before, after map[string]string) (removed, edited, added int) {
	for name, data := range before {
		now, ok := after[name]
		switch {
		case !ok:
			removed++
		case now != data:
			edited++
		}
	}
	for name := range after {
		if _, ok := before[name]; !ok {
			added++
		}
	}
	return removed, edited, added
}
