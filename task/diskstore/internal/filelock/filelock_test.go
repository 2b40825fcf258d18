package filelock_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/task/diskstore/internal/filelock"
)

func open(t *testing.T, path string) *os.File {
	t.Helper()
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	require.NoError(t, err)
	t.Cleanup(func() { f.Close() })
	return f
}

func TestLocks(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lock")
	a, b, c := open(t, path), open(t, path), open(t, path)

	require.NoError(t, filelock.TryExclusive(a))
	require.ErrorIs(t, filelock.TryExclusive(b), filelock.ErrHeld)
	require.ErrorIs(t, filelock.TryShared(b), filelock.ErrHeld)

	require.NoError(t, a.Close(), "the lock goes with the descriptor")
	require.NoError(t, filelock.TryShared(b))
	require.NoError(t, filelock.TryShared(c), "sharing")
	require.ErrorIs(t, filelock.TryExclusive(open(t, path)), filelock.ErrHeld)
}
