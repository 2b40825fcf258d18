package index

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/internal/alloctest"
)

// TestHeadIsInMemoryOnce has a table's filter and first IDs in memory once, also while they are written and read: those
// of a large table are most of what a process has.
func TestHeadIsInMemoryOnce(t *testing.T) {
	const entries = 1 << 18
	const some = 192 << 10                   // bytes for buffers
	outs := make([]*writer, alloctest.Tries) // each can be finished once
	for i := range outs {
		outs[i] = unfinished(entries)
	}
	head, firsts := uint64(8*(len(outs[0].firsts)+len(outs[0].filter))), len(outs[0].firsts)
	require.Greater(t, head, uint64(some))
	written := alloctest.Bytes(func() {
		require.NoError(t, outs[0].finish(nil))
		outs = outs[1:]
	})
	require.Less(t, written, uint64(some), "written")

	var file bytes.Buffer
	require.NoError(t, Build(&file, numbered(entries/1024, 1024)))
	var table *Table
	require.Less(t, alloctest.Bytes(func() { table = open(t, file.Bytes()) }), head+some, "read")
	require.Len(t, table.firsts, firsts)

	n := uint32(0)
	require.Zero(t, testing.AllocsPerRun(1000, func() {
		if _, _, err := table.Frame(n % uint32(table.Frames())); err != nil {
			t.Error(err)
		}
		n++
	}), "a frame")
}

// unfinished returns a writer that has all its entries.
func unfinished(entries int) *writer {
	out := newWriter(&counter{}, int64(entries))
	for n := range entries {
		out.entry(&Entry{ID: idOf(n)})
	}
	out.endEntries()
	return out
}
