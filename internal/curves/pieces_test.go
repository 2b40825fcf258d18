package main

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/heirloom-backup/heirloom/internal/benchdata"
)

// TestGroup groups any chunks: nothing is lost or changes places among those that share frames, and frames are bounded.
func TestGroup(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		chunks := rapid.SliceOf(rapid.SliceOfN(rapid.Byte(), 1, 20)).Draw(t, "chunks")
		size, solo := rapid.IntRange(0, 40).Draw(t, "size"), rapid.IntRange(0, 25).Draw(t, "solo")
		var small, large []byte
		for _, c := range chunks {
			if len(c) >= solo {
				large = append(large, c...)
			} else {
				small = append(small, c...)
			}
		}
		total := 0
		for _, f := range group(chunks, size, solo) {
			require.NotEmpty(t, f)
			require.LessOrEqual(t, len(f), max(size, 20))
			total += len(f)
		}
		require.Equal(t, len(small)+len(large), total)
		if solo > 20 {
			require.True(t, bytes.Equal(small, bytes.Join(group(chunks, size, solo), nil)), "in order")
		}
	})
}

func TestPieces(t *testing.T) {
	dir := t.TempDir()
	twice := benchdata.Text(1000, 1)
	for name, data := range map[string][]byte{"a": twice, "b": twice, "c": benchdata.Text(1000, 2), "empty": nil} {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), data, 0o644))
	}
	s := &sample{states: []string{dir}}
	chunks, err := s.pieces()
	require.NoError(t, err)
	require.Equal(t, [][]byte{twice, benchdata.Text(1000, 2)}, chunks)
}

func TestPiecesOfAnImage(t *testing.T) {
	image := make([]byte, 4<<20)
	copy(image[2<<20:], benchdata.Random(1<<20, 1))
	path := filepath.Join(t.TempDir(), "image")
	require.NoError(t, os.WriteFile(path, image, 0o644))
	s := &sample{states: []string{path}, image: true}
	chunks, err := s.pieces()
	require.NoError(t, err)
	all := bytes.Join(chunks, nil)
	require.Less(t, len(all), 2<<20, "zeros are no pieces")
	require.True(t, bytes.Contains(all, image[2<<20:3<<20]))
}
