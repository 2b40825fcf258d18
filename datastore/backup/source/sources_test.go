package source_test

import (
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"testing/iotest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/datastore"
	"github.com/heirloom-backup/heirloom/datastore/backup/source"
	"github.com/heirloom-backup/heirloom/datastore/backup/source/sourcetest"
	"github.com/heirloom-backup/heirloom/datastore/tree"
)

func TestStream(t *testing.T) {
	sourcetest.Run(t, source.Stream("dump.sql", strings.NewReader("create")))

	src := source.Stream("dump.sql", iotest.OneByteReader(strings.NewReader("create")))
	root, err := src.Open(t.Context())
	require.NoError(t, err)
	require.Equal(t, tree.Entry{Name: "dump.sql", Type: tree.File, Mode: 0o600}, root.Entry)
	require.Equal(t, datastore.Dataset, root.Kind)
	data, err := io.ReadAll(root.File)
	require.NoError(t, err)
	require.Equal(t, "create", string(data))
	_, err = src.Open(t.Context())
	require.ErrorIs(t, err, source.ErrReadOnce)

	_, err = source.Stream("a/b", strings.NewReader("")).Open(t.Context())
	require.ErrorContains(t, err, `stream "a/b": this cannot be the name of a file`)
}

// aFewFiles is a file system in memory with an entry of each kind.
func aFewFiles() fstest.MapFS {
	when := time.Date(2020, 1, 2, 3, 4, 5, 6, time.UTC)
	return fstest.MapFS{
		"etc/hosts": {Data: []byte("::1 localhost"), Mode: 0o640, ModTime: when},
		"etc/link":  {Data: []byte("hosts"), Mode: fs.ModeSymlink | 0o777},
		"bin/su":    {Data: []byte("#!"), Mode: 0o755 | fs.ModeSetuid | fs.ModeSticky | fs.ModeSetgid},
		"empty":     {Mode: fs.ModeDir | 0o700},
		"z.fifo":    {Mode: fs.ModeNamedPipe | 0o600},
	}
}

func TestFS(t *testing.T) {
	src := source.FS("machine", aFewFiles())
	sourcetest.Run(t, src)
	got := save(t, src)
	require.Equal(t, "machine", got.root.Name)
	require.Equal(t, []string{"bin", "bin/su", "empty", "etc", "etc/hosts", "etc/link", "z.fifo"}, got.paths())
	require.Equal(t, "::1 localhost", got.contents["etc/hosts"])
	require.Equal(t, "hosts", got.entries["etc/link"].Target)
	require.Equal(t, uint32(0o7755), got.entries["bin/su"].Mode)
	require.Equal(t, 6, got.entries["etc/hosts"].ModTime.Time().Nanosecond())
	require.Zero(t, got.entries["bin/su"].ModTime)
}

// openOnly is a file system without any of the optional methods.
type openOnly struct{ fs.FS }

func TestFSThatKnowsNoLinksOrDevices(t *testing.T) {
	files := aFewFiles()
	files["device"] = &fstest.MapFile{Mode: fs.ModeDevice}
	got := save(t, source.FS("machine", openOnly{files}))
	require.ErrorContains(t, got.problems["etc/link"], "unsupported operation")
	require.ErrorContains(t, got.problems["device"], "cannot be saved")
	require.Len(t, got.problems, 2)
	require.Contains(t, got.paths(), "etc/hosts")
}

func TestFSCannotBeOpened(t *testing.T) {
	for says, src := range map[string]source.Source{
		"no such file or directory":                             source.FS("x", os.DirFS(filepath.Join(t.TempDir(), "none"))),
		`open source "..": this cannot be the name of a folder`: source.FS("..", aFewFiles()),
		`open source "y": open .: permission denied`:            source.FS("y", brokenFS{}),
	} {
		_, err := src.Open(t.Context())
		require.ErrorContains(t, err, says)
	}
}

// brokenFS cannot be read at all.
type brokenFS struct{}

func (brokenFS) Open(name string) (fs.File, error) {
	return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrPermission}
}

func TestFSOpensWhatItListed(t *testing.T) {
	root, err := source.FS("x", aFewFiles()).Open(t.Context())
	require.NoError(t, err)
	_, err = root.Dir.OpenFile(t.Context(), "etc")
	require.ErrorIs(t, err, source.ErrReplaced)
	_, err = root.Dir.OpenDir(t.Context(), "z.fifo")
	require.ErrorIs(t, err, source.ErrReplaced)
	_, err = root.Dir.OpenDir(t.Context(), "..")
	require.ErrorIs(t, err, fs.ErrInvalid)
}

func TestJoin(t *testing.T) {
	dir := t.TempDir()
	plant(t, dir, "home/x")
	parts := func() []source.Source {
		return []source.Source{
			source.Stream("dump", strings.NewReader("rows")),
			source.Folder(filepath.Join(dir, "home"), source.FolderOptions{}),
			source.FS("etc", fstest.MapFS{"hosts": {Data: []byte("::1")}}),
		}
	}
	sourcetest.Run(t, source.Join("all", source.FS("etc", aFewFiles()), parts()[1]))

	got := save(t, source.Join("all", parts()...))
	require.Equal(t, tree.Entry{Name: "all", Type: tree.Dir, Mode: 0o700}, got.root)
	require.Equal(t, []string{"dump", "etc", "etc/hosts", "home", "home/x"}, got.paths())
	require.Equal(t, map[string]string{"dump": "rows", "etc/hosts": "::1", "home/x": "home/x"}, got.contents)

	root, err := source.Join("all", parts()...).Open(t.Context())
	require.NoError(t, err)
	require.Equal(t, []string{filepath.Join(dir, "home")}, root.Paths)
	for range 2 { // a folder opens again and again
		d, err := root.Dir.OpenDir(t.Context(), "home")
		require.NoError(t, err)
		require.NoError(t, d.Close())
	}
	_, err = root.Dir.OpenDir(t.Context(), "dump")
	require.ErrorIs(t, err, source.ErrReplaced)
	_, err = root.Dir.OpenFile(t.Context(), "dump")
	require.NoError(t, err)
	_, err = root.Dir.OpenFile(t.Context(), "dump")
	require.ErrorIs(t, err, source.ErrReadOnce)
	require.NoError(t, root.Dir.Close())
}

func TestJoinCannotBeOpened(t *testing.T) {
	dir := t.TempDir()
	plant(t, dir, "a/x/", "b/x/")
	folder := func(name string) source.Source {
		return source.Folder(filepath.Join(dir, name), source.FolderOptions{})
	}
	for name, c := range map[string]struct {
		src  source.Source
		says string
	}{
		"one name twice": {source.Join("j", folder("a/x"), folder("b/x")),
			dir + "/a/x and " + dir + `/b/x both would be "x" in it`},
		"no path to tell": {source.Join("j", source.FS("x", aFewFiles()), folder("b/x")),
			`the source "x" and ` + dir + "/b/x"},
		"one is missing": {source.Join("j", folder("a/x"), folder("none")), "open source " + dir + "/none: "},
		"none at all":    {source.Join("j"), `join sources as "j": there are none`},
		"a bad name":     {source.Join("a/b", folder("a/x")), "cannot be the name of a folder"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := c.src.Open(t.Context())
			require.ErrorContains(t, err, c.says)
		})
	}
}
