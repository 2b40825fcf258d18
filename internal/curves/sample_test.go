package main

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/internal/benchdata"
)

func TestSampleOfFolders(t *testing.T) {
	dir := t.TempDir()
	files := benchdata.Files(2000, 1)
	require.NoError(t, benchdata.Write(dir, files))
	want := benchdata.Bytes(files) / 4
	s, err := take(dir, want, dir)
	require.NoError(t, err)
	first, second := names(t, s.states[0]), names(t, s.states[1])
	require.Equal(t, first, second, "the same of each state")
	got, err := sizeOf(s.states[0])
	require.NoError(t, err)
	require.InDelta(t, want, got, float64(want)/2)
	require.NoError(t, s.remove())
	require.NoDirExists(t, s.temp)
	require.DirExists(t, dir)
}

func names(t *testing.T, dir string) (list []string) {
	require.NoError(t, eachFile(dir, func(name string, _ fs.FileInfo) error {
		list = append(list, name)
		return nil
	}))
	return list
}

func TestSampleOfAnImage(t *testing.T) {
	image := benchdata.Random(5*runSize, 1)
	path := filepath.Join(t.TempDir(), "image")
	require.NoError(t, os.WriteFile(path, image, 0o644))
	s, err := take(path, 2*runSize)
	require.NoError(t, err)
	got, err := os.ReadFile(s.states[0])
	require.NoError(t, err)
	require.True(t, bytes.Equal(got, append(image[:runSize:runSize], image[2*runSize:3*runSize]...)), "run 0 and run 2")
	require.NoError(t, s.remove())
}

// TestAllIsNotCopied also shows that nobody's data is removed.
func TestAllIsNotCopied(t *testing.T) {
	dir := t.TempDir()
	s, err := take(dir, 0)
	require.NoError(t, err)
	require.Equal(t, []string{dir}, s.states)
	require.NoError(t, s.remove())
	require.DirExists(t, dir)
}

func TestSampleOfNothing(t *testing.T) {
	_, err := take(filepath.Join(t.TempDir(), "gone"), 1)
	require.ErrorIs(t, err, os.ErrNotExist)
	_, err = take(t.TempDir(), 1, filepath.Join(t.TempDir(), "gone"))
	require.ErrorIs(t, err, os.ErrNotExist)
}
