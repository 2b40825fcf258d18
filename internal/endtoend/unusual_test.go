//go:build linux

package endtoend

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestUnusualSources saves folders that many programs stumble over, and gets them back.
func TestUnusualSources(t *testing.T) {
	tests := map[string]func(l *land){
		"empty folder": func(*land) {},
		"empty file":   func(l *land) { l.file("empty", nil) },
		"loops of symlinks": func(l *land) {
			l.symlink("loop", "loop")
			l.symlink("..", "up")
			l.symlink("/", "root")
			l.symlink("none", "dangling")
		},
		"names not in UTF-8": func(l *land) { l.file("caf\xe9/\xff\xfe", []byte("x")); l.symlink("\xe9", "\x80") },
		"odd names": func(l *land) {
			for _, name := range []string{"a\nb", " ", "-rf", "%41", "%", "a:b", `back\slash`, "\x1b[2J", "e\u0301", "*", "'", `"`, "CON", "a."} {
				l.file(name, []byte(name))
			}
		},
		"names of 255 bytes": func(l *land) {
			l.file(strings.Repeat("n", 255), []byte("x"))
			l.file(strings.Repeat("é", 127)+"/"+strings.Repeat("\xe9", 255), []byte("y"))
		},
		"a path of 4000 bytes":                     func(l *land) { l.deep(16) },
		"a path longer than any that can be named": func(l *land) { l.deep(40) },
		"many levels":                              func(l *land) { l.file(strings.Repeat("d/", 1000)+"f", []byte("x")) },
	}
	for name, build := range tests {
		t.Run(name, func(t *testing.T) {
			s := newShell(t)
			l := newLand(t, s.path("data"))
			build(l)
			want := look(t, l.dir)
			s.must("init")
			first := s.backup("data")
			require.True(t, first.Complete)
			again := s.backup("data")
			require.Zero(t, again.BytesNew, "nothing has changed")
			s.restores(first.Snapshot, want)
			s.restores(again.Snapshot, want)
			s.must("verify")
			s.must("ls", first.Snapshot)
		})
	}
}

// deep makes a file below many folders with long names.
func (l *land) deep(levels int) {
	l.t.Helper()
	root, err := os.OpenRoot(l.dir)
	require.NoError(l.t, err)
	for range levels {
		name := strings.Repeat("d", 250)
		require.NoError(l.t, root.Mkdir(name, 0o755))
		below, err := root.OpenRoot(name)
		require.NoError(l.t, err)
		require.NoError(l.t, root.Close())
		root = below
	}
	require.NoError(l.t, root.WriteFile("bottom", []byte("deep"), 0o644))
	require.NoError(l.t, root.Close())
}

// TestStoreInsideItsSource saves a folder that holds the store and the cache. They are left out.
func TestStoreInsideItsSource(t *testing.T) {
	s := newShell(t)
	l := newLand(t, s.dir)
	l.file("data/file", l.noise(100<<10))
	l.symlink("store", "way to the store")
	s.must("init")
	for range 3 {
		r := s.backup(".", "--name", "all")
		require.True(t, r.Complete)
		require.Less(t, r.BytesSource, int64(101<<10))
		dest := t.TempDir()
		s.must("restore", r.Snapshot, dest)
		for _, name := range []string{"store/heirloom.json", "cache"} {
			require.NoFileExists(t, dest+"/"+name)
		}
		require.FileExists(t, dest+"/data/file")
	}
}

// TestCacheThatCannotBeUsed runs without a usable cache folder: slower, and all the same.
func TestCacheThatCannotBeUsed(t *testing.T) {
	s := newShell(t)
	l := newLand(t, s.path("data"))
	l.file("file", l.noise(100<<10))
	s.must("init")
	for _, cache := range []string{"data/file", "data/file/below", "/proc/none", ""} {
		s.env = []string{"HEIRLOOM_CACHE_DIR=" + cache}
		if cache == "" {
			s.env = append(s.env, "HOME=")
		}
		address := s.backup("data").Snapshot
		s.restores(address, look(t, l.dir))
		s.must("verify", address)
	}
}
