package diskstore

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/heirloom-backup/heirloom/task"
)

// The cache never holds more than it may, knows what it holds, and what was put last is there unless it is too large.
func TestCacheIsBounded(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var c cache
		for range rapid.IntRange(1, 50).Draw(t, "puts") {
			at := task.Position{byte(rapid.IntRange(0, 20).Draw(t, "position"))}
			size := rapid.OneOf(rapid.Int64Range(0, maxCache/4), rapid.Int64Range(maxCache-1, maxCache+1)).Draw(t, "size")
			c.put(at, cached{size: size})
			got, ok := c.get(at)
			require.Equal(t, size <= maxCache, ok)
			require.True(t, !ok || got.size == size)
			var sum int64
			for _, j := range c.journals {
				sum += j.size
			}
			require.Equal(t, sum, c.bytes)
			require.LessOrEqual(t, sum, int64(maxCache))
		}
	})
}

func TestCacheForgetsWhatIsGone(t *testing.T) {
	var c cache
	kept := task.Position{1}
	for n := range 2000 {
		c.put(task.Position{2, byte(n >> 8), byte(n)}, cached{size: 10})
	}
	c.put(kept, cached{size: 7})
	c.keep([]task.Position{kept})
	require.Len(t, c.journals, 1)
	require.EqualValues(t, 7, c.bytes)
}
