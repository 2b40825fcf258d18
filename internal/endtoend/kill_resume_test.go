//go:build linux

package endtoend

import (
	"io/fs"
	"os"
	"path/filepath"
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
	before := k.packsIn("template")
	for killed := false; !killed; killed = len(k.addresses()) == 1 { // or it was quicker, and all is done
		require.NoError(t, os.RemoveAll(k.path("store")))
		k.copyOf("template", "store")
		k.killWhen(func() bool { return k.packsIn("store") > before }, "backup", "data")
	}
	r := k.backup("data")
	require.Less(t, r.BytesNew, int64(longer*newInLarge))
	k.must("verify")
	k.restores(r.Snapshot, after)
}

func (k *killed) packsIn(store string) int { return filesBelow(k.path(store, "packs")) }

// filesBelow counts names, for a folder that others change meanwhile: what cannot be seen any more does not count. It
// looks into no file, to be back before the moment that it is to notice has gone.
func filesBelow(dir string) (n int) {
	_ = filepath.WalkDir(dir, func(_ string, e fs.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			n++
		}
		return nil
	})
	return n
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
