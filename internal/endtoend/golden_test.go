package endtoend

import (
	"context"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/datastore"
	"github.com/heirloom-backup/heirloom/datastore/backend/dirstore"
	"github.com/heirloom-backup/heirloom/datastore/backup"
	"github.com/heirloom-backup/heirloom/datastore/backup/source"
	"github.com/heirloom-backup/heirloom/datastore/verify"
	"github.com/heirloom-backup/heirloom/restore"
)

var update = flag.Bool("update", false, "make the golden stores anew; only ever for a format that was not released")

// goldenFiles is what the golden stores hold: the second snapshot; the first lacks "later".
func goldenFiles() fstest.MapFS {
	when := time.Date(2026, 11, 22, 2, 0, 0, 123456789, time.UTC)
	files := fstest.MapFS{
		"empty":      {Mode: 0o644, ModTime: when},
		"folder/one": {Data: []byte("one\n"), Mode: 0o640, ModTime: when},
		"link":       {Data: []byte("folder/one"), Mode: fs.ModeSymlink | 0o777, ModTime: when},
		"later":      {Data: []byte("only in the second\n"), Mode: 0o600, ModTime: when},
		"long":       {Data: []byte(strings.Repeat("a file of several chunks, which compress well\n", 60_000)), Mode: 0o644, ModTime: when},
	}
	for i := range 300 {
		files[fmt.Sprintf("many/%03d", i)] = &fstest.MapFile{Data: fmt.Appendf(nil, "file %d", i), Mode: 0o644, ModTime: when}
	}
	return files
}

const goldenPassphrase = "golden"

// Stores of each released format stay readable: listed, verified, restored, and added to.
func TestGoldenStores(t *testing.T) {
	for _, name := range []string{"v1-plain", "v1-encrypted"} {
		t.Run(name, func(t *testing.T) {
			golden := filepath.Join("testdata", name)
			if *update {
				makeGolden(t, golden, strings.HasSuffix(name, "encrypted"))
			}
			dir := filepath.Join(t.TempDir(), "store")
			require.NoError(t, os.CopyFS(dir, os.DirFS(golden)))
			store := openGolden(t, dir)
			rep, err := verify.Run(t.Context(), store, verify.Options{})
			require.NoError(t, err)
			require.True(t, rep.Clean(), "%+v", rep)
			require.Len(t, rep.Results, 2)

			files := goldenFiles()
			requireGolden(t, store, rep.Results[1].Snapshot, files)
			res := saveGolden(t.Context(), t, store, files, datastore.Full)
			require.Zero(t, res.Stats.BytesNew, "the same content is cut and named as it was then")
			delete(files, "later")
			requireGolden(t, store, rep.Results[0].Snapshot, files)
		})
	}
}

func makeGolden(t *testing.T, dir string, encrypt bool) {
	require.NoError(t, os.RemoveAll(dir))
	b, err := dirstore.Open(dir, dirstore.Options{Create: true})
	require.NoError(t, err)
	o := datastore.CreateOptions{Encrypt: encrypt}
	if encrypt {
		o.Passphrase, o.Label = []byte(goldenPassphrase), "golden"
	}
	require.NoError(t, datastore.Create(t.Context(), b, o))
	require.NoError(t, b.Close())
	store, files := openGolden(t, dir), goldenFiles()
	later := files["later"]
	delete(files, "later")
	saveGolden(t.Context(), t, store, files, datastore.Incremental)
	files["later"] = later
	saveGolden(t.Context(), t, store, files, datastore.Incremental)
	require.NoError(t, os.RemoveAll(filepath.Join(dir, "+tmp")))
}

func openGolden(t *testing.T, dir string) *datastore.Store {
	b, err := dirstore.Open(dir, dirstore.Options{})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, b.Close()) })
	var o datastore.Options
	if exists(filepath.Join(dir, "keys")) {
		o.Passphrase = []byte(goldenPassphrase)
	}
	store, err := datastore.Open(t.Context(), b, o)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, store.Close()) })
	return store
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

func saveGolden(ctx context.Context, t *testing.T, s *datastore.Store, files fstest.MapFS, m datastore.Mode) *backup.Result {
	res, err := backup.Run(ctx, s, source.FS("golden", files), backup.Options{Mode: m, Host: "golden"})
	require.NoError(t, err)
	require.Empty(t, res.Warnings)
	return res
}

func requireGolden(t *testing.T, store *datastore.Store, sn *datastore.Snapshot, want fstest.MapFS) {
	snapshot, err := restore.Open(t.Context(), store, sn.Root)
	require.NoError(t, err)
	seen := 0
	require.NoError(t, fs.WalkDir(snapshot, ".", func(path string, e fs.DirEntry, err error) error {
		require.NoError(t, err)
		info, err := e.Info()
		require.NoError(t, err)
		file := want[path]
		if e.IsDir() {
			return nil
		}
		seen++
		require.NotNil(t, file, path)
		require.Equal(t, file.ModTime, info.ModTime(), path)
		if e.Type() == fs.ModeSymlink {
			target, err := fs.ReadLink(snapshot, path)
			require.NoError(t, err)
			require.Equal(t, string(file.Data), target)
			return nil
		}
		require.Equal(t, file.Mode, info.Mode(), path)
		data, err := fs.ReadFile(snapshot, path)
		require.NoError(t, err)
		require.Equal(t, string(file.Data), string(data), path)
		return nil
	}))
	require.Equal(t, len(want), seen)
}
