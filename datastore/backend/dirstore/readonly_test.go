package dirstore_test

import (
	"os"
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/datastore/backend"
	"github.com/heirloom-backup/heirloom/datastore/backend/dirstore"
)

func TestOpenedForReading(t *testing.T) {
	b, dir := create(t)
	require.NoError(t, b.Put(t.Context(), "a", []byte("x")))
	requireReadsOnly(t, open(t, dir, dirstore.Options{ReadOnly: true}))
}

func TestFolderWithoutWritePermission(t *testing.T) {
	if runtime.GOOS == "windows" || os.Geteuid() == 0 {
		t.Skip("permission bits do not bind this user")
	}
	b, dir := create(t)
	require.NoError(t, b.Put(t.Context(), "a", []byte("x")))
	require.NoError(t, os.Chmod(dir, 0o500))
	require.NoError(t, os.Chmod(dir+"/+tmp", 0o500))
	t.Cleanup(func() { require.NoError(t, os.Chmod(dir, 0o700)) })
	requireReadsOnly(t, open(t, dir, dirstore.Options{}))
}

func requireReadsOnly(t *testing.T, b backend.Backend) {
	t.Helper()
	ctx := t.Context()
	require.ErrorIs(t, b.Put(ctx, "b", nil), backend.ErrReadOnly)
	require.ErrorIs(t, b.Delete(ctx, "a"), backend.ErrReadOnly)
	got, err := backend.ReadAll(ctx, b, "a", 10)
	require.NoError(t, err)
	require.Equal(t, "x", string(got))
}
