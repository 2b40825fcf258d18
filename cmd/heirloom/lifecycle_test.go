package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestWhatIsSavedComesBack(t *testing.T) {
	c := withBackup(t)
	require.Equal(t, "restored 2 files, 2 folders, 195 KiB in 0.0 s to DIR/back\n", c.must("restore", wwwAddress, "DIR/back"))
	for _, name := range []string{"index.html", "img/logo"} {
		saved, err := os.ReadFile(filepath.Join(c.dir, "www", name))
		require.NoError(t, err)
		restored, err := os.ReadFile(filepath.Join(c.dir, "back", name))
		require.NoError(t, err)
		require.Equal(t, saved, restored, name)
	}
	target, err := os.Readlink(filepath.Join(c.dir, "back/start"))
	require.NoError(t, err)
	require.Equal(t, "index.html", target)
}

func TestNextDay(t *testing.T) {
	c := withBackup(t)
	c.now = c.now.Add(24 * time.Hour)
	c.file("www/new", "new")
	var report struct{ Snapshot, Parent, Mode string }
	c.decode(statusOK, &report, "backup", "DIR/www")
	require.Equal(t, wwwAddress, report.Parent)
	require.Equal(t, "dataset/www/2026-11-23T02:00:00.000Z", report.Snapshot)
	require.Equal(t, "incremental", report.Mode)

	require.Equal(t, "new", c.must("cat", "dataset/www/latest", "new"))
	gone := c.run("cat", wwwAddress, "new")
	require.Equal(t, int(statusFailed), gone.status, "%+v", gone)

	require.Equal(t, "forgot "+wwwAddress+"\n", c.must("forget", wwwAddress))
	var left []struct{ Snapshot string }
	c.decode(statusOK, &left, "snapshots")
	require.Len(t, left, 1)
	require.Equal(t, report.Snapshot, left[0].Snapshot)
	c.must("verify")
}

func TestLs(t *testing.T) {
	c := withBackup(t)
	line := func(mode, size, name string) string {
		return mode + ` +\d+ +\d+ +` + size + `  \S+ \S+ CET  ` + name + `\n`
	}
	require.Regexp(t, "^"+line("drwxr-xr-x", "-", "img")+line("-rw-r--r--", "13 B", "index.html")+
		line("lrwxrwxrwx", "-", "start -> index.html")+"$", c.must("ls", wwwAddress))
	require.Regexp(t, "^"+line("-rw-r--r--", "195 KiB", "logo")+"$", c.must("ls", wwwAddress, "img"))
	require.Regexp(t, "^"+line("-rw-r--r--", "195 KiB", "logo")+"$", c.must("ls", wwwAddress, "/img/logo"))
	require.Regexp(t, line("-rw-r--r--", "195 KiB", "img/logo"), c.must("ls", "--recursive", wwwAddress))
}

func TestStreamAndImage(t *testing.T) {
	c := newCLI(t)
	c.must("init")
	c.stdin = "select 1;"
	c.must("backup", "--name", "db/main", "--namespace", "prod", "-")
	require.Equal(t, c.stdin, c.must("restore", "prod:dataset/db%2Fmain/latest", "-"))

	image := c.file("disk.raw", strings.Repeat("\x00", 1<<20)+"data"+strings.Repeat("\x00", 1<<20))
	c.must("backup", image)
	c.must("restore", "image/disk.raw/latest", "DIR/again.raw")
	want, err := os.ReadFile(image)
	require.NoError(t, err)
	got, err := os.ReadFile(filepath.Join(c.dir, "again.raw"))
	require.NoError(t, err)
	require.Equal(t, want, got)
}

func TestSeveralFoldersAreOneSnapshot(t *testing.T) {
	c := newCLI(t)
	c.file("srv/www/index", "w")
	c.file("etc/hosts", "h")
	c.must("init")
	c.must("backup", "DIR/srv/www", "DIR/etc")
	c.now = c.now.Add(time.Hour)
	var report struct{ Snapshot, Parent string }
	c.decode(statusOK, &report, "backup", "DIR/etc", "DIR/srv/www")
	require.Equal(t, "dataset/etc+www/2026-11-22T03:00:00.000Z", report.Snapshot)
	require.Equal(t, "dataset/etc+www/2026-11-22T02:00:00.000Z", report.Parent, "the order of the sources does not matter")
	require.Equal(t, "w", c.must("cat", "dataset/etc+www/latest", "www/index"))
}

func TestExcludes(t *testing.T) {
	c := newCLI(t)
	for _, name := range []string{"a.txt", "a.tmp", "deep/b.tmp", "keep.tmp", "cache/x"} {
		c.file("src/"+name, name)
	}
	c.file("src/cache/CACHEDIR.TAG", "Signature: 8a477f597d28d172789f06886806bc55")
	patterns := c.file("patterns", "# no temporary files\n\n*.tmp\r\n")
	c.must("init")
	c.must("backup", "DIR/src", "--exclude-from", patterns, "--exclude", "!keep.tmp", "--exclude-caches")
	var entries []struct{ Path string }
	c.decode(statusOK, &entries, "ls", "-r", "dataset/src/latest")
	var paths []string
	for _, e := range entries {
		paths = append(paths, e.Path)
	}
	require.Equal(t, []string{".", "a.txt", "cache", "cache/CACHEDIR.TAG", "deep", "keep.tmp"}, paths)
}

func TestStoreAndCacheAreNotSavedWithTheirFolder(t *testing.T) {
	c := withBackup(t)
	c.must("backup", c.dir, "--name", "all")
	var entries []struct{ Path string }
	c.decode(statusOK, &entries, "ls", "dataset/all/latest")
	require.Len(t, entries, 1)
	require.Equal(t, "www", entries[0].Path)
}

func TestDryRunStoresNothing(t *testing.T) {
	c := withBackup(t)
	before := c.stored()
	c.file("www/more", "more")
	require.Contains(t, c.must("backup", "--dry-run", "DIR/www"), "nothing was stored")
	require.Equal(t, before, c.stored())
}

func TestQuiet(t *testing.T) {
	c := withBackup(t)
	for _, args := range []string{"backup DIR/www", "verify", "rebuild", "restore dataset/www/latest DIR/back", "forget " + wwwAddress} {
		require.Empty(t, c.must(append(strings.Fields(args), "--quiet")...), args)
	}
	require.NotEmpty(t, c.must("snapshots", "--quiet"), "what is asked for is no message")
}

func TestRebuild(t *testing.T) {
	c := withBackup(t)
	require.Contains(t, c.must("rebuild"), "built the local index again")
	require.Equal(t, "<p>hello</p>\n", c.must("cat", wwwAddress, "index.html"))
}
