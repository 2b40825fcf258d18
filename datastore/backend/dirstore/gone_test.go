package dirstore_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/datastore/backend"
	"github.com/heirloom-backup/heirloom/datastore/backend/dirstore"
)

func TestStoreFolderThatVanishedIsNoEmptyStore(t *testing.T) {
	for name, vanish := range map[string]func(t *testing.T, dir string){
		"removed": func(t *testing.T, dir string) { require.NoError(t, os.RemoveAll(dir)) },
		"moved":   func(t *testing.T, dir string) { require.NoError(t, os.Rename(dir, dir+".away")) },
		"replaced": func(t *testing.T, dir string) {
			require.NoError(t, os.Rename(dir, dir+".away"))
			require.NoError(t, os.Mkdir(dir, 0o700))
		},
		"now a file": func(t *testing.T, dir string) {
			require.NoError(t, os.RemoveAll(dir))
			require.NoError(t, os.WriteFile(dir, nil, 0o600))
		},
	} {
		t.Run(name, func(t *testing.T) {
			b, dir := create(t)
			require.NoError(t, b.Put(t.Context(), "packs/a", []byte("x")))
			vanish(t, dir)
			requireGone(t, b)
		})
	}
}

func requireGone(t *testing.T, b *dirstore.Backend) {
	t.Helper()
	ctx := t.Context()
	for _, prefix := range []string{"", "packs/", "none/"} {
		_, err := backend.Names(ctx, b, prefix)
		require.ErrorIs(t, err, dirstore.ErrGone, "list %q", prefix)
	}
	_, err := b.Get(ctx, "absent", 0, -1)
	require.ErrorIs(t, err, dirstore.ErrGone)
	require.NotErrorIs(t, err, backend.ErrNotFound)
	require.False(t, errors.Is(err, fs.ErrNotExist))
	require.ErrorIs(t, b.Put(ctx, "b", nil), dirstore.ErrGone)
	require.ErrorIs(t, b.Delete(ctx, "absent"), dirstore.ErrGone)
	_, _, err = backend.Free(ctx, b)
	require.ErrorIs(t, err, dirstore.ErrGone)
}

func TestStoreFolderThatVanishesDuringAListing(t *testing.T) {
	b, dir := create(t)
	for _, name := range []string{"a/1", "b/1", "c/1"} {
		require.NoError(t, b.Put(t.Context(), name, nil))
	}
	var last error
	for _, err := range b.List(t.Context(), "") {
		last = err
		require.NoError(t, os.RemoveAll(dir))
	}
	require.ErrorIs(t, last, dirstore.ErrGone)
}

func TestFolderThatVanishesDuringAListing(t *testing.T) {
	b, dir := create(t)
	for _, name := range []string{"a/1", "b/1", "c/1"} {
		require.NoError(t, b.Put(t.Context(), name, nil))
	}
	seen := 0
	for _, err := range b.List(t.Context(), "") {
		require.NoError(t, err)
		seen++
		for _, folder := range []string{"a", "b", "c"} {
			require.NoError(t, os.RemoveAll(filepath.Join(dir, folder)))
		}
	}
	require.Equal(t, 1, seen)
}

func TestFoldersRemovedByHandAreMadeAgain(t *testing.T) {
	b, dir := create(t)
	require.NoError(t, b.Put(t.Context(), "packs/ab/1", nil))
	require.NoError(t, os.RemoveAll(filepath.Join(dir, "packs")))
	require.NoError(t, os.RemoveAll(filepath.Join(dir, "+tmp")))
	require.NoError(t, b.Put(t.Context(), "packs/ab/2", nil))
	require.FileExists(t, filepath.Join(dir, "packs", "ab", "2"))
}

func TestForeignFiles(t *testing.T) {
	b, dir := create(t)
	require.NoError(t, b.Put(t.Context(), "packs/1", nil))
	require.NoError(t, os.Mkdir(filepath.Join(dir, "lost+found"), 0))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "packs", "my notes.txt"), nil, 0o600))
	names, err := backend.Names(t.Context(), b, "")
	require.NoError(t, err)
	require.Equal(t, []string{"packs/1"}, names, "what cannot be an object is passed over")

	outside := filepath.Join(t.TempDir(), "secret")
	require.NoError(t, os.WriteFile(outside, []byte("secret"), 0o600))
	if err := os.Symlink(outside, filepath.Join(dir, "packs", "link")); err != nil {
		t.Skip("no symbolic links here:", err)
	}
	_, err = backend.Names(t.Context(), b, "")
	require.ErrorContains(t, err, "packs/link is neither a file nor a folder")
	_, err = b.Get(t.Context(), "packs/link", 0, -1)
	require.Error(t, err, "a link leads nowhere outside")
	require.ErrorIs(t, b.Put(t.Context(), "packs/link", nil), backend.ErrExist)
}

func TestObjectAndFolderOfOneName(t *testing.T) {
	b, dir := create(t)
	require.NoError(t, b.Put(t.Context(), "a", []byte("x")))
	require.NoError(t, b.Put(t.Context(), "b/c", nil))
	require.ErrorContains(t, b.Put(t.Context(), "b", nil), "folder of objects")
	require.Error(t, b.Put(t.Context(), "a/c", nil))
	require.FileExists(t, filepath.Join(dir, "a"))
}
