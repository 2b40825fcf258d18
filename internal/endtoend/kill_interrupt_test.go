//go:build linux

package endtoend

import (
	"os"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestInterruptBackup interrupts backups at random moments, as Ctrl-C does. They end with status 130 and leave nothing but
// packs and index segments, which the next backup uses.
func TestInterruptBackup(t *testing.T) {
	k, _, after := prepareKills(t, largeFile)
	interrupted, wanted := 0, sampled(5, 60)
	for n := 0; n < wanted || interrupted == 0 && n < luckless*wanted; n++ {
		k.copyOf("template", "store")
		status, hit := k.strike(syscall.SIGINT, "backup", "data")
		require.False(t, hit && k.packsIn("store") > k.packsIn("template"),
			"only before it listens for signals may one end it")
		if status == 130 {
			interrupted++
			require.Len(t, k.addresses(), 1)
		}
		names := objects(t, k.path("store"))
		for _, folder := range []string{"sessions/", "beats/", "+tmp/"} {
			require.Empty(t, below(names, folder))
		}
		k.must("verify")
		r := k.backup("data")
		k.restores(r.Snapshot, after)
		require.NoError(t, os.RemoveAll(k.path("store")))
	}
	t.Logf("%d of the runs were interrupted", interrupted)
	require.Positive(t, interrupted)
}
