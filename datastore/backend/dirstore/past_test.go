package dirstore

import (
	"bytes"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/datastore/backend"
)

// Large objects are written past the page cache where that can be done; wherever their bytes lie in memory, and whatever
// their size, they come back.
func TestPutLargeObjects(t *testing.T) {
	b, err := Open(t.TempDir(), Options{})
	require.NoError(t, err)
	defer b.Close()
	memory := make([]byte, 3<<20+1)
	rand.NewChaCha8([32]byte{}).Read(memory)
	for name, data := range map[string][]byte{
		"aligned":             memory[:2<<20],
		"an odd size":         memory[:2<<20+12_345],
		"memory not aligned":  memory[1:],
		"just large":          memory[:1<<20],
		"nearly large":        memory[:1<<20-1],
		"large and one block": memory[:1<<20+4096],
	} {
		t.Run(name, func(t *testing.T) {
			object := "packs/" + strings.ReplaceAll(name, " ", "-")
			require.NoError(t, b.Put(t.Context(), object, data))
			got, err := backend.ReadAll(t.Context(), b, object, 4<<20)
			require.NoError(t, err)
			require.True(t, bytes.Equal(data, got))
		})
	}
}
