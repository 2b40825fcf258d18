package index

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/chunk"
)

// TestFilter counts how often the filter lets pass what is not there: below 3 %, and never keeps out what is.
func TestFilter(t *testing.T) {
	for _, n := range []int{1, 100, 10_000, 200_000} {
		f := newFilter(int64(n))
		for i := range n {
			id := idOf(i)
			f.add(&id)
		}
		for i := range n {
			id := idOf(i)
			require.True(t, f.has(&id))
		}
		const asked = 50_000
		passed := 0
		for i := range asked {
			id := idOf(1<<40 + i)
			if f.has(&id) {
				passed++
			}
		}
		rate := float64(passed) / asked
		t.Logf("%d IDs: %.2f %%, %d bytes", n, 100*rate, 8*len(f))
		require.Less(t, rate, 0.03, "%d IDs", n)
	}
}

func TestFilterOfNothing(t *testing.T) {
	f := newFilter(0)
	require.Len(t, f, lineWords)
	require.False(t, f.has(&chunk.ID{1}))
}
