package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestUndo(t *testing.T) {
	root, kept := plant(t), filepath.Join(t.TempDir(), "kept")
	longAgo := time.Unix(1e9, 0)
	files, err := regularFiles(root)
	require.NoError(t, err)
	for _, file := range files {
		require.NoError(t, os.Chtimes(file, longAgo, longAgo))
	}
	before, file := contents(t, root), stat(t, files[1])

	require.NoError(t, run([]string{"-keep", kept, root, "100"}))
	require.NotEqual(t, before, contents(t, root))
	require.NoError(t, run([]string{"-undo", kept, root}))
	require.Equal(t, before, contents(t, root))
	for _, file := range files {
		require.Equal(t, longAgo, stat(t, file).ModTime())
		require.Equal(t, fs.FileMode(0o600), stat(t, file).Mode())
	}
	require.True(t, os.SameFile(file, stat(t, files[1])), "an edited file is still the same one, with its inode")
	require.NoDirExists(t, kept)
	require.NoError(t, run([]string{"-undo", kept, root}), "there is nothing more to undo")
}

// TestUndoOfAnInterruption has a change that was kept, but only in part made.
func TestUndoOfAnInterruption(t *testing.T) {
	root, keep := plant(t), originals(filepath.Join(t.TempDir(), "kept"))
	before := contents(t, root)
	require.NoError(t, keep.keep(root, "1/1"))
	require.NoError(t, os.Remove(filepath.Join(root, "1/1")))
	require.NoError(t, keep.keep(root, "2/2"))
	require.NoError(t, keep.note("2/2.day1"))
	require.NoError(t, os.WriteFile(filepath.Join(string(keep), "partial"), []byte("half"), 0o600))

	require.NoError(t, keep.putBack(root))
	require.Equal(t, before, contents(t, root))
}

func TestArguments(t *testing.T) {
	image := filepath.Join(t.TempDir(), "image")
	require.NoError(t, os.WriteFile(image, make([]byte, 1<<20), 0o600))
	for name, args := range map[string][]string{
		"nothing":                {},
		"no percentage":          {image},
		"not a percentage":       {image, "some"},
		"not a day":              {image, "1", "today"},
		"too many":               {image, "1", "1", "1"},
		"an image is not kept":   {"-keep", t.TempDir(), image, "1"},
		"undo has no percentage": {"-undo", t.TempDir(), image, "1"},
		"no such thing":          {image + "2", "1"},
	} {
		t.Run(name, func(t *testing.T) { require.Error(t, run(args)) })
	}
}

func stat(t *testing.T, path string) fs.FileInfo {
	info, err := os.Stat(path)
	require.NoError(t, err)
	return info
}
