//go:build linux

package endtoend

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

// TestFullStore backs up into a store whose disk has not enough room. What was there stays good, no litter is left, and
// once there is room the next run goes on.
func TestFullStore(t *testing.T) {
	needRoot(t)
	s := newShell(t)
	s.mount("tmpfs", "disk", "tmpfs", 0, "size=24m")
	s.env = []string{"HEIRLOOM_STORE=" + s.path("disk/store")}
	l := newLand(t, s.path("data"))
	l.file("small", l.noise(1<<20))
	s.must("init")
	first, before := s.backup("data").Snapshot, look(t, l.dir)
	l.file("large", l.noise(40<<20))
	for range 2 {
		got := s.run("backup", "data")
		require.Equal(t, 1, got.status, got.stderr)
		s.oneLine(got, "no space left on device", "make room")
		require.Equal(t, []string{first}, s.addresses())
		names := objects(t, s.path("disk/store"))
		require.Empty(t, append(below(names, "sessions/"), below(names, "+tmp/")...))
	}
	s.must("verify") // whose results may find no room
	s.restores(first, before)

	require.NoError(t, unix.Mount("tmpfs", s.path("disk"), "tmpfs", unix.MS_REMOUNT, "size=100m"))
	r := s.backup("data")
	require.Less(t, r.BytesNew, int64(40<<20), "a pack was stored already")
	s.must("verify")
	s.restores(r.Snapshot, look(t, l.dir))
}

func (s *shell) oneLine(got outcome, says ...string) {
	s.t.Helper()
	require.Equal(s.t, 1, strings.Count(got.stderr, "\n"), got.stderr)
	for _, text := range says {
		require.Contains(s.t, got.stderr, text)
	}
}

// TestStoreWithoutAnyRoom tries everything in a store whose disk is full to the last block.
func TestStoreWithoutAnyRoom(t *testing.T) {
	needRoot(t)
	s := newShell(t)
	s.mount("tmpfs", "disk", "tmpfs", 0, "size=8m")
	s.env = []string{"HEIRLOOM_STORE=" + s.path("disk/store")}
	l := newLand(t, s.path("data"))
	l.file("small", l.noise(1<<20))
	s.must("init")
	address, want := s.backup("data").Snapshot, look(t, l.dir)
	fill, err := os.Create(s.path("disk/fill"))
	require.NoError(t, err)
	for err == nil {
		_, err = fill.Write(make([]byte, 4096))
	}
	require.ErrorIs(t, err, unix.ENOSPC)
	require.NoError(t, fill.Close())

	s.oneLine(s.run("backup", "data"), "no space left on device", "make room")
	s.oneLine(s.run("init", "--store", s.path("disk/other")), "no space left on device", "make room")
	s.restores(address, want)
	require.Zero(t, s.run("verify").status)
	require.NoError(t, os.Remove(s.path("disk/fill")))
	s.must("init", "--store", s.path("disk/other"))
	s.must("forget", address)
	s.must("verify")
}

// TestFullDestination restores to a disk without enough room: that is found out before anything is written.
func TestFullDestination(t *testing.T) {
	needRoot(t)
	s := newShell(t)
	l := newLand(t, s.path("data"))
	l.file("large", l.noise(10<<20))
	s.must("init")
	address := s.backup("data").Snapshot
	s.mount("tmpfs", "disk", "tmpfs", 0, "size=4m")
	got := s.run("restore", address, "disk/back")
	require.Equal(t, 1, got.status)
	s.oneLine(got, "space", "make room, or give another DEST")
	require.Empty(t, objects(t, s.path("disk")))
	require.False(t, s.exists("disk/back"))
}

// TestFullCache works with a cache folder that has no room.
func TestFullCache(t *testing.T) {
	needRoot(t)
	s := newShell(t)
	s.mount("tmpfs", "cache", "tmpfs", 0, "size=4k,nr_inodes=8")
	l := newLand(t, s.path("data"))
	l.crowd("small", 300)
	s.must("init")
	for range 2 {
		address := s.backup("data").Snapshot
		s.restores(address, look(t, l.dir))
	}
	s.must("verify")
	s.must("rebuild")
}
