package datastore_test

import (
	"fmt"
	"os"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/datastore"
	"github.com/heirloom-backup/heirloom/datastore/backend/mem"
)

// A store that stays open for many commits keeps a few index tables open, not one for each commit: merged ones are let
// go, and their files with them.
func TestTablesAreLetGo(t *testing.T) {
	b := mem.New()
	require.NoError(t, datastore.Create(t.Context(), b, datastore.CreateOptions{}))
	before := descriptors(t)
	s := open(t, b, datastore.Options{CacheDir: t.TempDir()})
	for n := range 120 {
		commit(t, s, fmt.Sprint("w", n), sessionFiles(n))
	}
	for range 100 {
		runtime.GC()
		if descriptors(t) <= before+maxOpenTables {
			return
		}
		time.Sleep(10 * time.Millisecond) // the runtime closes in its own time, after a collection, and tells nobody
	}
	require.LessOrEqual(t, descriptors(t), before+maxOpenTables)
}

const maxOpenTables = 30

func descriptors(t *testing.T) int {
	t.Helper()
	open, err := os.ReadDir("/proc/self/fd")
	require.NoError(t, err)
	return len(open)
}
