//go:build linux

package endtoend

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"github.com/heirloom-backup/heirloom/internal/needs"
)

const nobody = 65534

// asNobody makes the shell run the program as a user without rights, and lets that user enter its folder.
func (s *shell) asNobody() {
	s.t.Helper()
	for _, dir := range []string{s.dir, filepath.Dir(s.dir)} {
		require.NoError(s.t, os.Chmod(dir, 0o755))
	}
	s.as = []string{"setpriv", fmt.Sprintf("--reuid=%d", nobody), fmt.Sprintf("--regid=%d", nobody), "--clear-groups"}
}

// give makes a folder and all below it nobody's, who may read but not write.
func (s *shell) give(name string) {
	s.t.Helper()
	require.NoError(s.t, filepath.WalkDir(s.path(name), func(path string, d os.DirEntry, err error) error {
		mode := os.FileMode(0o400)
		if d != nil && d.IsDir() {
			mode = 0o500
		}
		return errors.Join(err, os.Lchown(path, nobody, nobody), os.Chmod(path, mode))
	}))
}

// mount mounts something for the time of the test.
func (s *shell) mount(source, name, kind string, flags uintptr, data string) {
	s.t.Helper()
	at := s.path(name)
	require.NoError(s.t, os.MkdirAll(at, 0o755))
	err := unix.Mount(source, at, kind, flags, data)
	needs.That(s.t, err == nil, fmt.Sprintf("the right to mount (%v)", err))
	s.t.Cleanup(func() { require.NoError(s.t, unix.Unmount(at, 0)) })
}

// reads checks what a store that cannot be written to is good for, and that the rest fails and says why.
func (s *shell) reads(address string, want tableau, keys bool) {
	s.t.Helper()
	for _, line := range []string{"snapshots", "stats", "verify", "verify " + address, "ls " + address, "cat " + address + " file"} {
		require.Zero(s.t, s.run(strings.Fields(line)...).status, "%s: %s", line, s.run(strings.Fields(line)...).stderr)
	}
	s.must("restore", address, "writable/back")
	got := look(s.t, s.path("writable/back"))
	require.Equal(s.t, want["file"].content, got["file"].content)
	require.NoError(s.t, os.RemoveAll(s.path("writable/back")))
	writing := []string{"backup data", "forget " + address}
	if keys {
		writing = append(writing, "key add", "key change")
	}
	for _, line := range writing {
		got := s.run(strings.Fields(line)...)
		require.Equal(s.t, 1, got.status, line)
		require.Contains(s.t, got.stderr, "read-only", line)
		last := strings.Split(strings.TrimSpace(got.stderr), "\n")
		require.Contains(s.t, last[len(last)-1], "a store it may write to", line)
	}
}

// TestReadOnlyStore reads from a store, with a cache, that the user may not write to.
func TestReadOnlyStore(t *testing.T) {
	needRoot(t)
	for _, keys := range []bool{false, true} {
		t.Run(fmt.Sprintf("encrypted %v", keys), func(t *testing.T) {
			s, address := newReadOnly(t, keys)
			want := look(t, s.path("data"))
			before := look(t, s.path("store"))
			s.give("store")
			s.give("cache")
			s.asNobody()
			s.reads(address, want, keys)
			require.Equal(t, len(before), len(look(t, s.path("store"))))
		})
	}
}

// newReadOnly makes a store with a snapshot, and a folder that everybody may write to.
func newReadOnly(t *testing.T, encrypted bool) (s *shell, address string) {
	s = newShell(t)
	newLand(t, s.path("data")).file("file", []byte("content"))
	s.give("data")
	require.NoError(t, os.Mkdir(s.path("writable"), 0o777))
	require.NoError(t, os.Chmod(s.path("writable"), 0o777))
	s.env = []string{"HEIRLOOM_PASSPHRASE=x", "HEIRLOOM_NEW_PASSPHRASE=y"}
	if encrypted {
		s.must("init", "--encrypt")
	} else {
		s.must("init")
	}
	return s, s.backup("data").Snapshot
}

// TestReadOnlyMount reads from a store on a file system that is mounted read-only.
func TestReadOnlyMount(t *testing.T) {
	needRoot(t)
	s, address := newReadOnly(t, true)
	s.mount(s.path("store"), "store", "", unix.MS_BIND, "")
	require.NoError(t, unix.Mount("", s.path("store"), "", unix.MS_BIND|unix.MS_REMOUNT|unix.MS_RDONLY, ""))
	s.reads(address, look(t, s.path("data")), true)
}

// TestUnreadableSource saves what it may read, and says what not.
func TestUnreadableSource(t *testing.T) {
	needRoot(t)
	s := newShell(t)
	l := newLand(t, s.path("data"))
	l.file("open", []byte("x"))
	for _, name := range []string{"closed file", "closed folder/inside"} {
		l.file(name, []byte("y"))
	}
	require.NoError(t, os.Chmod(l.path("closed file"), 0))
	require.NoError(t, os.Chmod(l.path("closed folder"), 0))
	require.NoError(t, os.Chmod(s.dir, 0o777))
	s.asNobody()
	require.NoError(t, os.Chmod(s.dir, 0o777))
	s.must("init")
	got := s.run("backup", "data", "--json")
	require.Equal(t, 3, got.status, got.stderr)
	for _, name := range []string{"closed file", "closed folder"} {
		require.Contains(t, got.stdout, name)
		require.Contains(t, got.stderr, name)
	}
	require.Contains(t, got.stdout, `"complete": false`)
	s.must("verify")
	require.Equal(t, 1, s.run("backup", "data/closed folder").status, "nothing of it can be saved")
}
