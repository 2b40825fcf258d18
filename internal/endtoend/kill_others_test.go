//go:build linux

package endtoend

import (
	"os"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestKillRestore kills restores. What they leave can be completed with --overwrite, and not be taken for a folder that is
// free.
func TestKillRestore(t *testing.T) {
	k := &killed{shell: newShell(t), random: luck(t)}
	l := newLand(t, k.path("data"))
	l.crowd("small", 300)
	l.file("large", l.noise(20<<20))
	want := look(t, l.dir)
	k.must("init")
	address := k.backup("data").Snapshot
	k.measure("restore", address, "back")
	for range sampled(4, 40) {
		require.NoError(t, os.RemoveAll(k.path("back")))
		signal := []syscall.Signal{syscall.SIGKILL, syscall.SIGINT}[k.random.IntN(2)]
		k.strike(signal, "restore", address, "back")
		if left, err := os.ReadDir(k.path("back")); err == nil && len(left) > 0 {
			require.Equal(t, 1, k.run("restore", address, "back").status)
		}
		if signal == syscall.SIGINT && k.exists("back") {
			k.wholeFiles(want)
		}
		k.must("restore", "--overwrite", address, "back")
		got := look(t, k.path("back"))
		requireSame(t, want, got)
	}
	k.must("verify")
}

func (s *shell) exists(name string) bool {
	_, err := os.Lstat(s.path(name))
	return err == nil
}

// wholeFiles checks that each file that is there has all of its content.
func (k *killed) wholeFiles(want tableau) {
	k.t.Helper()
	for name, f := range look(k.t, k.path("back")) {
		require.Contains(k.t, want, name)
		require.Equal(k.t, want[name].content, f.content, name)
	}
}

// TestKillVerify kills verifications; the store stays whole.
func TestKillVerify(t *testing.T) {
	k := &killed{shell: newShell(t), random: luck(t)}
	l := newLand(t, k.path("data"))
	l.file("large", l.noise(40<<20))
	k.must("init")
	k.backup("data")
	k.measure("verify")
	for range sampled(4, 40) {
		k.strike([]syscall.Signal{syscall.SIGKILL, syscall.SIGINT}[k.random.IntN(2)], "verify")
	}
	k.must("verify")
}

// TestKillForget kills deletions. The snapshot is there, whole, or it is gone; and it can be deleted again.
func TestKillForget(t *testing.T) {
	k := &killed{shell: newShell(t), random: luck(t)}
	l := newLand(t, k.path("data"))
	l.file("file", l.noise(1000))
	k.must("init")
	kept := k.backup("data", "--name", "kept").Snapshot
	k.measure("forget", k.backup("data").Snapshot)
	gone := 0
	for range sampled(10, 100) {
		address := k.backup("data").Snapshot
		k.strike(syscall.SIGKILL, "forget", address)
		k.must("verify")
		if list := k.addresses(); len(list) > 1 {
			require.ElementsMatch(t, []string{kept, address}, list)
			k.restores(address, look(t, l.dir))
			k.must("forget", address)
		} else {
			gone++
		}
		require.Equal(t, []string{kept}, k.addresses())
		k.must("verify")
	}
	t.Logf("gone after the kill: %d", gone)
}

// TestKillKeyChange kills changes of the passphrase. The old or the new one opens the store, or both.
func TestKillKeyChange(t *testing.T) {
	k := &killed{shell: newShell(t), random: luck(t)}
	const old, new = "HEIRLOOM_PASSPHRASE=old", "HEIRLOOM_PASSPHRASE=new"
	k.env = []string{old, "HEIRLOOM_NEW_PASSPHRASE=new"}
	newLand(t, k.path("data")).file("file", []byte("secret"))
	k.must("init", "--encrypt")
	k.backup("data")
	k.copyOf("store", "template")
	k.measure("key", "change")
	both := 0
	for i := range sampled(8, 80) {
		require.NoError(t, os.RemoveAll(k.path("store")))
		k.copyOf("template", "store")
		k.env = []string{old, "HEIRLOOM_NEW_PASSPHRASE=new"}
		if i%2 == 0 {
			k.strike(syscall.SIGKILL, "key", "change")
		} else { // the moment that matters is short
			k.killWhen(func() bool { return filesBelow(k.path("store", "keys")) > 1 }, "key", "change")
		}
		opens := 0
		for _, k.env[0] = range []string{old, new} {
			if k.run("verify").status == 0 {
				opens++
			}
		}
		require.Positive(t, opens, "nobody is locked out")
		if opens == 2 {
			both++
		}
	}
	t.Logf("%d times both passphrases opened the store", both)
}
