package index

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/heirloom-backup/heirloom/chunk"
)

// TestRange compares the numbers of entries with their order in All.
func TestRange(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		table := tableOf(t, anySources(t, "pack")...)
		var order []chunk.ID
		for e, err := range All([]*Table{table}) {
			require.NoError(t, err)
			order = append(order, e.ID)
		}
		for p := range 4 {
			for n := range 201 {
				id := idOf(p)
				id[31] = byte(n)
				first, end, err := table.Range(&id)
				require.NoError(t, err)
				count := 0
				for i, got := range order {
					if got == id {
						count++
						require.True(t, first <= int64(i) && int64(i) < end)
					}
				}
				require.Equal(t, int64(count), end-first)
			}
		}
	})
}

// TestRangeAcrossBlocks has one chunk so often that its copies fill several blocks.
func TestRangeAcrossBlocks(t *testing.T) {
	ids := []chunk.ID{idOf(0)}
	for range 3*perBlock + 5 {
		ids = append(ids, idOf(1))
	}
	table := tableOf(t, source("p", 20, ids...))
	id, before := idOf(1), int64(0)
	for e, err := range All([]*Table{table}) {
		require.NoError(t, err)
		if e.ID == id {
			break
		}
		before++
	}
	first, end, err := table.Range(&id)
	require.NoError(t, err)
	require.Equal(t, []int64{before, before + 3*perBlock + 5}, []int64{first, end})
}
