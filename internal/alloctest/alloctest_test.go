package alloctest_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/internal/alloctest"
)

var sink [][]byte

// TestWhatOthersAllocateIsLeftOut has a function that costs a mebibyte once, as another goroutine would in its time.
func TestWhatOthersAllocateIsLeftOut(t *testing.T) {
	calls := 0
	work := func() {
		sink = append(make([][]byte, 0, 2), make([]byte, 4096))
		if calls++; calls == 1 {
			sink = append(sink, make([]byte, 1<<20))
		}
	}
	bytes := alloctest.Bytes(work)
	require.GreaterOrEqual(t, bytes, uint64(4096))
	require.Less(t, bytes, uint64(1<<19))
	require.GreaterOrEqual(t, alloctest.Count(work), uint64(2))
}
