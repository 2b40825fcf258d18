package dirstore_test

import (
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/heirloom-backup/heirloom/datastore/backend"
	"github.com/heirloom-backup/heirloom/datastore/backend/backendtest"
	"github.com/heirloom-backup/heirloom/datastore/backend/dirstore"
	"github.com/heirloom-backup/heirloom/datastore/backend/mem"
)

func open(t testing.TB, dir string, o dirstore.Options) *dirstore.Backend {
	t.Helper()
	b, err := dirstore.Open(dir, o)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, b.Close()) })
	return b
}

func create(t testing.TB) (*dirstore.Backend, string) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "store")
	return open(t, dir, dirstore.Options{Create: true}), dir
}

func TestConformance(t *testing.T) {
	backendtest.Run(t, func(t *testing.T) backend.Backend {
		b, _ := create(t)
		return b
	})
	backendtest.RunPersistent(t, func(t *testing.T) func() backend.Backend {
		dir := t.TempDir()
		return func() backend.Backend { return open(t, dir, dirstore.Options{}) }
	})
}

func TestBehavesLikeMemory(t *testing.T) {
	names := rapid.SampledFrom([]string{"a", "b/1", "b/2", "c/d/1", "c/d/2", "c/e"})
	prefixes := rapid.SampledFrom([]string{"", "b/", "c/", "c/d/", "none/"})
	rapid.Check(t, func(t *rapid.T) {
		dir, err := os.MkdirTemp("", "dirstore")
		require.NoError(t, err)
		defer os.RemoveAll(dir)
		disk, err := dirstore.Open(dir, dirstore.Options{})
		require.NoError(t, err)
		defer disk.Close()
		model := mem.New()
		for range rapid.IntRange(1, 20).Draw(t, "steps") {
			sameOutcome(t, disk, model, names.Draw(t, "name"), prefixes.Draw(t, "prefix"))
		}
	})
}

// sameOutcome does one random operation on both backends and compares what they answer.
func sameOutcome(t *rapid.T, disk, model backend.Backend, name, prefix string) {
	ctx := t.Context()
	switch rapid.SampledFrom([]backend.Kind{
		backendtest.Put, backendtest.Get, backendtest.List, backendtest.Delete,
	}).Draw(t, "operation") {
	case backendtest.Put:
		data := rapid.SliceOfN(rapid.Byte(), 0, 20).Draw(t, "data")
		want := model.Put(ctx, name, data)
		require.Equal(t, want == nil, disk.Put(ctx, name, data) == nil)
	case backendtest.Get:
		want, wantErr := backend.ReadAll(ctx, model, name, 100)
		got, err := backend.ReadAll(ctx, disk, name, 100)
		require.Equal(t, wantErr == nil, err == nil)
		require.Equal(t, string(want), string(got))
	case backendtest.List:
		want, err := backend.Names(ctx, model, prefix)
		require.NoError(t, err)
		got, err := backend.Names(ctx, disk, prefix)
		require.NoError(t, err)
		require.ElementsMatch(t, want, got)
	case backendtest.Delete:
		require.NoError(t, model.Delete(ctx, name))
		require.NoError(t, disk.Delete(ctx, name))
	}
}

func TestOpenRefuses(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	require.NoError(t, os.WriteFile(file, nil, 0o600))
	for name, c := range map[string]struct {
		path    string
		options dirstore.Options
		message string
	}{
		"an empty path":                {"", dirstore.Options{Create: true}, "path is empty"},
		"a file":                       {file, dirstore.Options{}, "file, not a folder"},
		"a file it is to create":       {file, dirstore.Options{Create: true}, "file, not a folder"},
		"a folder that is absent":      {filepath.Join(dir, "absent"), dirstore.Options{}, "open store folder"},
		"creating when only reading":   {filepath.Join(dir, "absent"), dirstore.Options{Create: true, ReadOnly: true}, "open"},
		"a folder that cannot be made": {filepath.Join(file, "below"), dirstore.Options{Create: true}, "store folder"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := dirstore.Open(c.path, c.options)
			require.ErrorContains(t, err, c.message)
			if c.path != "" {
				require.ErrorContains(t, err, c.path)
			}
			require.NoDirExists(t, filepath.Join(dir, "absent"))
		})
	}
}

func TestCreateMakesAllFolders(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a", "b", "store")
	b := open(t, dir, dirstore.Options{Create: true})
	require.NoError(t, b.Put(t.Context(), "x/y", nil))
	require.FileExists(t, filepath.Join(dir, "x", "y"))
	require.Equal(t, dir, b.Dir())
}

func TestRelativePathIsFixedAtOpen(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	b := open(t, "store", dirstore.Options{Create: true})
	t.Chdir(t.TempDir())
	require.NoError(t, b.Put(t.Context(), "a", nil))
	require.FileExists(t, filepath.Join(dir, "store", "a"))
}

func TestModes(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("Windows has no permission bits")
	}
	for name, c := range map[string]struct {
		options      dirstore.Options
		file, folder os.FileMode
	}{
		"by default": {dirstore.Options{Create: true}, 0o600, 0o700},
		"asked for":  {dirstore.Options{Create: true, FileMode: 0o440, DirMode: 0o750}, 0o440, 0o750},
	} {
		t.Run(name, func(t *testing.T) {
			allowed := perm(t, t.TempDir()) // 0777 less the umask
			dir := filepath.Join(t.TempDir(), "store")
			require.NoError(t, open(t, dir, c.options).Put(t.Context(), "packs/a", []byte("x")))
			require.Equal(t, c.folder&allowed, perm(t, dir))
			require.Equal(t, c.folder&allowed, perm(t, filepath.Join(dir, "packs")))
			require.Equal(t, c.file&allowed, perm(t, filepath.Join(dir, "packs", "a")))
		})
	}
}

func perm(t *testing.T, path string) os.FileMode {
	t.Helper()
	info, err := os.Stat(path)
	require.NoError(t, err)
	return info.Mode().Perm()
}

func TestOldLitterIsRemovedAtOpen(t *testing.T) {
	dir := t.TempDir()
	now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	require.NoError(t, os.Mkdir(filepath.Join(dir, "+tmp"), 0o700))
	for name, age := range map[string]time.Duration{
		"old.tmp": 25 * time.Hour, "old.claim": 25 * time.Hour, "old.other": 25 * time.Hour,
		"new.tmp": 23 * time.Hour, "new.claim": time.Minute, "future.tmp": -time.Hour,
	} {
		path := filepath.Join(dir, "+tmp", name)
		require.NoError(t, os.WriteFile(path, nil, 0o600))
		require.NoError(t, os.Chtimes(path, now, now.Add(-age)))
	}
	clock := func() time.Time { return now }

	open(t, dir, dirstore.Options{Now: clock, ReadOnly: true})
	require.Len(t, files(t, filepath.Join(dir, "+tmp")), 6, "reading removes nothing")
	b := open(t, dir, dirstore.Options{Now: clock})
	require.ElementsMatch(t, []string{"old.other", "new.tmp", "new.claim", "future.tmp"},
		files(t, filepath.Join(dir, "+tmp")))
	found, err := backend.Names(t.Context(), b, "")
	require.NoError(t, err)
	require.Empty(t, found, "litter is never listed")
}

func files(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	var names []string
	for _, entry := range entries {
		names = append(names, entry.Name())
	}
	return names
}

func TestPutLeavesNoTemporaryFile(t *testing.T) {
	b, dir := create(t)
	require.NoError(t, b.Put(t.Context(), "a", []byte("x")))
	require.ErrorIs(t, b.Put(t.Context(), "a", []byte("y")), backend.ErrExist)
	require.Empty(t, files(t, filepath.Join(dir, "+tmp")))
}

func TestAbilities(t *testing.T) {
	b, dir := create(t)
	free, known, err := backend.Free(t.Context(), backend.ReadOnly(b))
	require.NoError(t, err)
	require.True(t, known)
	require.Positive(t, free)
	local, ok := backend.LocalDir(backend.ReadOnly(b))
	require.True(t, ok)
	require.Equal(t, dir, local)
}
