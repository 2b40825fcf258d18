package main

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/datastore"
)

const output = `saved: 2 files, 16 bytes of them new
saved: 2 files, 0 bytes of them new
there is: dataset of letters, complete: true
there is: dataset of letters, complete: true
verified: OK, 16 bytes
verified: OK, 16 bytes
restored: 2 files
`

func TestFirstBackup(t *testing.T) {
	base := t.TempDir()
	folder, place, dest := filepath.Join(base, "letters"), filepath.Join(base, "store"), filepath.Join(base, "restored")
	files := map[string]string{"to.txt": "Dear you", "old/from.txt": "Dear me!"}
	for name, text := range files {
		require.NoError(t, os.MkdirAll(filepath.Dir(filepath.Join(folder, name)), 0o755))
		require.NoError(t, os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600))
	}

	var out strings.Builder
	require.NoError(t, firstBackup(t.Context(), &out, folder, place, dest))
	require.Equal(t, output, out.String())
	for name, text := range files {
		data, err := os.ReadFile(filepath.Join(dest, name))
		require.NoError(t, err)
		require.Equal(t, text, string(data))
	}

	err := firstBackup(t.Context(), io.Discard, folder, place, dest)
	require.ErrorIs(t, err, datastore.ErrStoreExists, "it never takes over a store that is there")
}
