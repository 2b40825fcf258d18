package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestUnusableCacheIsReplaced(t *testing.T) {
	temp := t.TempDir()
	t.Setenv("TMPDIR", temp) // of os.MkdirTemp; the program itself asks its environment only
	c := withBackup(t)
	tests := map[string]string{
		"a file":                 c.file("file", ""),
		"below a file":           filepath.Join(c.file("file", ""), "cache"),
		"no home and none named": "",
	}
	for name, dir := range tests {
		t.Run(name, func(t *testing.T) {
			c.env["HEIRLOOM_CACHE_DIR"] = dir
			got := c.run("snapshots", "--json")
			require.Equal(t, int(statusOK), got.status)
			require.Regexp(t, `^note: the cache cannot be used \(.*\): a temporary one takes its place for this run\n$`, got.stderr)
			left, err := os.ReadDir(temp)
			require.NoError(t, err)
			require.Empty(t, left, "the temporary cache is removed")
			require.Empty(t, c.run("snapshots", "--quiet").stderr)
		})
	}
}

func TestCacheFolderNamedByFlagWins(t *testing.T) {
	c := withBackup(t)
	c.must("snapshots", "--cache-dir", "DIR/other")
	require.DirExists(t, filepath.Join(c.dir, "other"))
}

func TestDeletedCacheIsMadeAgain(t *testing.T) {
	c := withBackup(t)
	require.NoError(t, os.RemoveAll(filepath.Join(c.dir, "cache")))
	require.Equal(t, "<p>hello</p>\n", c.must("cat", wwwAddress, "index.html"))
}
