package index

import (
	"bytes"
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/internal/alloctest"
)

// TestHeadIsInMemoryOnce has a table's filter and first IDs in memory once, also while they are written and read: those
// of a large table are most of what a process has.
func TestHeadIsInMemoryOnce(t *testing.T) {
	const entries = 1 << 18
	const some = 192 << 10 // bytes for buffers
	out := newWriter(&counter{}, entries)
	for n := range entries {
		out.entry(&Entry{ID: idOf(n)})
	}
	out.endEntries()
	head := uint64(8 * (len(out.firsts) + len(out.filter)))
	require.Greater(t, head, uint64(some))
	require.Less(t, allocated(func() { require.NoError(t, out.finish(nil)) }), uint64(some), "written")

	var file bytes.Buffer
	require.NoError(t, Build(&file, numbered(entries/1024, 1024)))
	var table *Table
	require.Less(t, alloctest.Bytes(func() { table = open(t, file.Bytes()) }), head+some, "read")
	require.Len(t, table.firsts, len(out.firsts))

	n := uint32(0)
	require.Zero(t, testing.AllocsPerRun(1000, func() {
		if _, _, err := table.Frame(n % uint32(table.Frames())); err != nil {
			t.Error(err)
		}
		n++
	}), "a frame")
}

// allocated returns the bytes that fn allocates.
func allocated(fn func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	fn()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}
