//go:build linux

package endtoend

import (
	"os"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestKilledBackupIsResumed kills a backup as soon as it has stored a pack. The next one finds it, though nothing in the
// store names it.
func TestKilledBackupIsResumed(t *testing.T) {
	const longer = 4 // times the other tests' files: between the first pack and the end there must be time for a kill
	k, _, after := prepareKills(t, longer*largeFile)
	for killed := false; !killed; killed = len(k.addresses()) == 1 { // or it was quicker, and all is done
		require.NoError(t, os.RemoveAll(k.path("store")))
		k.copyOf("template", "store")
		k.killWhen(func() bool { return k.packsIn("store") > k.packsIn("template") }, "backup", "data")
	}
	r := k.backup("data")
	require.Less(t, r.BytesNew, int64(longer*newInLarge))
	k.must("verify")
	k.restores(r.Snapshot, after)
}

func (k *killed) packsIn(store string) int {
	return len(objects(k.t, k.path(store, "packs")))
}

// killWhen runs the program and kills it once something is the case, unless it has ended before.
func (k *killed) killWhen(ripe func() bool, args ...string) {
	k.t.Helper()
	cmd := k.command(args...)
	require.NoError(k.t, cmd.Start())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = cmd.Wait() // the status says it
	}()
	for tick := time.NewTicker(time.Millisecond); !ripe(); {
		select {
		case <-ended:
			return
		case <-tick.C:
		}
	}
	_ = cmd.Process.Signal(syscall.SIGKILL) // it may have ended
	<-ended
}
