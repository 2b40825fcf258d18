package restore

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// Whatever the pattern of zeros, the file reads as the data.
func TestWriteSparse(t *testing.T) {
	dir := t.TempDir()
	rapid.Check(t, func(t *rapid.T) {
		var data []byte
		for _, zero := range rapid.SliceOfN(rapid.Bool(), 0, 12).Draw(t, "blocks") {
			fill := byte(7)
			if zero {
				fill = 0
			}
			data = append(data, bytes.Repeat([]byte{fill}, zeroBlock)...)
		}
		data = append(data, make([]byte, rapid.IntRange(0, zeroBlock-1).Draw(t, "tail"))...)
		offset := int64(rapid.IntRange(0, 2).Draw(t, "offset") * zeroBlock)
		f, err := os.Create(filepath.Join(dir, "file"))
		require.NoError(t, err)
		defer f.Close()
		require.NoError(t, f.Truncate(offset+int64(len(data))))
		n, err := writeSparse(f, data, offset)
		require.NoError(t, err)
		require.Equal(t, len(data), n)
		got, err := os.ReadFile(f.Name())
		require.NoError(t, err)
		require.True(t, bytes.Equal(data, got[offset:]))
	})
}
