package chunk_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/chunk"
)

func TestLevelNames(t *testing.T) {
	for _, l := range []chunk.Level{chunk.Fastest, chunk.Balanced, chunk.Smaller} {
		got, err := chunk.ParseLevel(l.String())
		require.NoError(t, err)
		require.Equal(t, l, got)
	}
	for _, name := range []string{"", "Fastest", "best", "Level(3)"} {
		_, err := chunk.ParseLevel(name)
		require.ErrorContains(t, err, "fastest, balanced and smaller", name)
	}
	require.Equal(t, "Level(3)", chunk.Level(3).String())
	require.Equal(t, "Level(-1)", chunk.Level(-1).String())
}
