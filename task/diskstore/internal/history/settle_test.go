package history

import (
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/task"
)

// Each opening for writing leaves a table behind; they must not pile up.
func TestManyOpeningsLeaveFewFiles(t *testing.T) {
	openings := 40
	if os.Getenv("HEIRLOOM_TEST_FULL") != "" {
		openings = 10_000
	}
	dir := t.TempDir()
	records := samples(openings)
	for i, r := range records {
		add(t, dir, r)
		if i%10 == 0 {
			require.LessOrEqual(t, len(names(t, dir)), 2*tablesAtRest+10)
		}
	}
	require.Len(t, list(t, open(t, dir, Options{ReadOnly: true}), task.Query{}), openings)
}

// What is added in one go fills several memtables; closing leaves no level that is far too large.
func TestALotAtOnceIsMerged(t *testing.T) {
	dir := t.TempDir()
	add(t, dir, samples(15_000)...)
	db := open(t, dir, Options{})
	require.False(t, overfull(db.badger))
	n, err := db.Count(t.Context())
	require.NoError(t, err)
	require.Equal(t, 15_000, n)
}
