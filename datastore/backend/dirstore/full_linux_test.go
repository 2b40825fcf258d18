package dirstore_test

import (
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"github.com/heirloom-backup/heirloom/datastore/backend"
	"github.com/heirloom-backup/heirloom/datastore/backend/dirstore"
)

// smallDisk mounts a file system of 1 MiB.
func smallDisk(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if err := unix.Mount("tmpfs", dir, "tmpfs", 0, "size=1m"); err != nil {
		t.Skip("mounting takes root:", err)
	}
	t.Cleanup(func() { require.NoError(t, unix.Unmount(dir, unix.MNT_DETACH)) })
	return dir
}

func TestFullDisk(t *testing.T) {
	dir := smallDisk(t)
	b := open(t, dir, dirstore.Options{})
	ctx := t.Context()
	before, _, err := backend.Free(ctx, b)
	require.NoError(t, err)
	require.LessOrEqual(t, before, int64(1<<20))

	err = b.Put(ctx, "packs/large", make([]byte, 2<<20))
	require.ErrorIs(t, err, syscall.ENOSPC)
	require.NotErrorIs(t, err, backend.ErrReadOnly)
	require.Empty(t, files(t, filepath.Join(dir, "+tmp")), "the space is free again")
	_, err = b.Get(ctx, "packs/large", 0, -1)
	require.ErrorIs(t, err, backend.ErrNotFound)
	require.NoError(t, b.Put(ctx, "packs/small", make([]byte, 512<<10)))
	after, _, err := backend.Free(ctx, b)
	require.NoError(t, err)
	require.LessOrEqual(t, after, before-512<<10)
}

func TestReadOnlyFileSystem(t *testing.T) {
	dir := smallDisk(t)
	ctx := t.Context()
	require.NoError(t, open(t, dir, dirstore.Options{}).Put(ctx, "packs/a", []byte("x")))
	require.NoError(t, unix.Mount("", dir, "", unix.MS_REMOUNT|unix.MS_RDONLY, ""))

	b := open(t, dir, dirstore.Options{Create: true})
	require.ErrorIs(t, b.Put(ctx, "packs/b", nil), backend.ErrReadOnly)
	require.ErrorIs(t, b.Delete(ctx, "packs/a"), backend.ErrReadOnly)
	got, err := backend.ReadAll(ctx, b, "packs/a", 10)
	require.NoError(t, err)
	require.Equal(t, "x", string(got))
	names, err := backend.Names(ctx, b, "")
	require.NoError(t, err)
	require.Equal(t, []string{"packs/a"}, names)
}

// A disk that is mounted over the store folder hides it, and one that is unmounted shows the empty folder beneath.
func TestUnmountedDisk(t *testing.T) {
	dir := t.TempDir()
	if err := unix.Mount("tmpfs", dir, "tmpfs", 0, "size=1m"); err != nil {
		t.Skip("mounting takes root:", err)
	}
	b := open(t, dir, dirstore.Options{})
	require.NoError(t, b.Put(t.Context(), "packs/a", nil))
	require.NoError(t, unix.Unmount(dir, unix.MNT_DETACH))
	requireGone(t, b)
}
