package history

import (
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"github.com/heirloom-backup/heirloom/task"
)

func TestAFullDiskIsNotWrittenTo(t *testing.T) {
	dir := t.TempDir()
	if err := unix.Mount("none", dir, "tmpfs", 0, "size=90m"); err != nil {
		t.Skipf("mounting a small disk: %v", err)
	}
	defer func() { require.NoError(t, unix.Unmount(dir, 0)) }()
	add(t, dir, samples(10)...)
	require.NoError(t, unix.Mount("none", dir, "tmpfs", unix.MS_REMOUNT, "size=10m"))

	_, err := Open(dir, Options{})
	require.ErrorIs(t, err, unix.ENOSPC)
	require.ErrorContains(t, err, dir)
	db, err := Open(dir, Options{ReadOnly: true})
	require.NoError(t, err)
	require.Len(t, list(t, db, task.Query{}), 10, "what is there can be read")
	require.NoError(t, db.Close())
}

func TestAFolderThatMayOnlyBeRead(t *testing.T) {
	dir := t.TempDir()
	add(t, dir, samples(10)...)
	if err := unix.Mount(dir, dir, "", unix.MS_BIND, ""); err != nil {
		t.Skipf("mounting a folder for reading only: %v", err)
	}
	defer func() { require.NoError(t, unix.Unmount(dir, 0)) }()
	require.NoError(t, unix.Mount("", dir, "", unix.MS_BIND|unix.MS_REMOUNT|unix.MS_RDONLY, ""))

	_, err := Open(dir, Options{})
	require.ErrorIs(t, err, unix.EROFS)
	db, err := Open(dir, Options{ReadOnly: true})
	require.NoError(t, err)
	require.Len(t, list(t, db, task.Query{}), 10)
	require.NoError(t, db.Close())
}
