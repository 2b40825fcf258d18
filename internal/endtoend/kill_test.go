//go:build linux

package endtoend

import (
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// killed is a run of the program that gets a signal at a random moment.
type killed struct {
	*shell
	random *rand.Rand
	lasts  time.Duration // about, the run, left alone
}

// measure runs the program a first time, to know over which time to spread the signals.
func (k *killed) measure(args ...string) {
	k.t.Helper()
	began := time.Now()
	k.must(args...)
	k.lasts = time.Since(began)
}

// prompt is what a run may take at most to end once it is told to; a thousand times what it should take.
const prompt = 30 * time.Second

// strike runs the program and sends a signal after a random part of its time. It returns the exit status, and whether
// the signal ended it.
func (k *killed) strike(signal syscall.Signal, args ...string) (status int, hit bool) {
	k.t.Helper()
	cmd := k.command(args...)
	var errs strings.Builder
	cmd.Stderr = &errs
	began := time.Now()
	require.NoError(k.t, cmd.Start())
	moment := time.Duration(k.random.Int64N(int64(k.lasts) * 21 / 20))
	blow := time.AfterFunc(moment, func() { _ = cmd.Process.Signal(signal) }) // it may have ended
	late := time.AfterFunc(moment+prompt, func() { _ = cmd.Process.Kill() })  // for one that does not listen
	_ = cmd.Wait()                                                            // the status says it
	blow.Stop()
	late.Stop()
	how := cmd.ProcessState.Sys().(syscall.WaitStatus)
	if how.Signaled() {
		require.Equal(k.t, signal, how.Signal(), "it has not ended for %v", prompt)
	} else {
		require.Contains(k.t, []int{0, 130}, how.ExitStatus(), errs.String())
	}
	if how.Exited() && how.ExitStatus() == 0 { // a machine is not always as busy as when it was measured
		k.lasts = (3*k.lasts + time.Since(began)) / 4
	}
	return how.ExitStatus(), how.Signaled()
}

// prepareKills makes a store with a snapshot of a folder of some hundred files, and changes a good part of the folder.
// In its second state four of the files have large bytes each.
func prepareKills(t *testing.T, large int) (k *killed, before, after tableau) {
	k = &killed{shell: newShell(t), random: luck(t)}
	l := newLand(t, k.path("data"))
	l.crowd("small", 400)
	for i := range 3 {
		l.file(fmt.Sprintf("large/%d", i), l.noise(9<<20))
	}
	l.symlink("small", "link")
	k.must("init")
	k.backup("data")
	before = look(t, l.dir)
	l.crowd("more", 300)
	for i := range 4 {
		l.file(fmt.Sprintf("large/%d", i), l.noise(large))
	}
	after = look(t, l.dir)

	k.copyOf("store", "template")
	k.measure("backup", "data")
	require.NoError(t, os.RemoveAll(k.path("store")))
	return k, before, after
}

// copyOf copies a folder of the shell's.
func (k *killed) copyOf(from, to string) {
	k.t.Helper()
	out, err := exec.Command("cp", "-a", k.path(from), k.path(to)).CombinedOutput()
	require.NoError(k.t, err, string(out))
}

// TestKillBackup kills backups at random moments. Whenever that is, the store opens and is whole, the snapshot of before
// comes back, and the next backup finishes, has less to store for each pack that was stored already, and comes back.
func TestKillBackup(t *testing.T) {
	k, before, after := prepareKills(t, largeFile)
	size := sizeOf(after)
	kills, rounds, resumed, finished := 0, 0, 0, 0
	for wanted := sampled(25, 220); kills < wanted; rounds++ {
		k.copyOf("template", "store")
		promised := 1
		for range 1 + k.random.IntN(4) { // one kill after the other, without a run in between that finishes
			_, hit := k.strike(syscall.SIGKILL, "backup", "data")
			k.must("verify")
			list := k.addresses()
			require.GreaterOrEqual(t, len(list), promised, "promised snapshots stay")
			promised = len(list)
			if !hit {
				finished++
				break
			}
			kills++
		}
		done := promised - 1 // runs that had promised their snapshot before they died
		r := k.backup("data")
		require.True(t, r.Complete)
		require.LessOrEqual(t, r.BytesNew, size)
		if done == 0 && r.BytesNew < newInLarge {
			resumed++
		}
		k.must("verify")
		k.restores(r.Snapshot, after)
		k.restores(k.addresses()[0], before)
		require.NoError(t, os.RemoveAll(k.path("store")))
	}
	t.Logf("%d kills in %d rounds over %v each; %d runs were quicker; in %d rounds packs of a killed run were used again",
		kills, rounds, k.lasts, finished, resumed)
	if full() { // of few kills all may come before the first pack; TestKilledBackupIsResumed does not leave that to luck
		require.Positive(t, resumed, "what was uploaded is used again")
	}
}

// largeFile is the size of each of the four large files of the second state of the folder, in bytes, and newInLarge how
// many bytes are new in all of them.
const (
	largeFile  = 11 << 20
	newInLarge = 4 * largeFile
)

func sizeOf(all tableau) (sum int64) {
	for _, f := range all {
		sum += f.size
	}
	return sum
}
