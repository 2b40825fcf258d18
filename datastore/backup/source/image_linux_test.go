package source_test

import (
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"github.com/heirloom-backup/heirloom/datastore"
	"github.com/heirloom-backup/heirloom/datastore/backup/source"
	"github.com/heirloom-backup/heirloom/datastore/backup/source/sourcetest"
	"github.com/heirloom-backup/heirloom/datastore/tree"
	"github.com/heirloom-backup/heirloom/internal/needs"
)

func TestImageFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "disk.img")
	makeSparse(t, path)
	sourcetest.Run(t, source.ImageFile(path))

	root, err := source.ImageFile(path).Open(t.Context())
	require.NoError(t, err)
	defer root.File.Close()
	require.Equal(t, datastore.Image, root.Kind)
	require.Equal(t, "disk.img", root.Entry.Name)
	require.Equal(t, int64(4<<20), root.Entry.Size)
	require.NotZero(t, root.Entry.ModTime)
	require.Equal(t, []string{path}, root.Paths)
	require.Implements(t, (*source.ZeroHoles)(nil), root.File)
	require.Equal(t, [][2]int64{{1 << 20, 2 << 20}}, ranges(t, root.File.(source.Sparse)))
}

func TestImageOfADisk(t *testing.T) {
	device, size := disk(t)
	sourcetest.Run(t, source.ImageFile(device))
	root, err := source.ImageFile(device).Open(t.Context())
	require.NoError(t, err)
	defer root.File.Close()
	require.Equal(t, tree.File, root.Entry.Type)
	require.Equal(t, size, root.Entry.Size)
	require.Zero(t, root.Entry.ModTime, "it says nothing of the content")

	f := root.File.(source.Sparse)
	start, end, err := f.NextData(4096)
	require.NoError(t, err)
	require.Equal(t, []int64{4096, size}, []int64{start, end})
	_, _, err = f.NextData(size)
	require.Equal(t, io.EOF, err)
	now, err := f.Stat()
	require.NoError(t, err)
	require.Equal(t, root.Entry, now)
	is, err := source.IsImage(device)
	require.NoError(t, err)
	require.True(t, is)
}

// disk makes a disk out of a file and returns its name and size in bytes.
func disk(t *testing.T) (string, int64) {
	path := filepath.Join(t.TempDir(), "disk.img")
	makeSparse(t, path)
	out, err := exec.Command("losetup", "--find", "--show", "--read-only", path).Output()
	needs.That(t, err == nil, "root and losetup, to make a disk")
	device := strings.TrimSpace(string(out))
	t.Cleanup(func() { run(t, "losetup", "--detach", device) })
	return device, 4 << 20
}

func TestIsImage(t *testing.T) {
	dir := t.TempDir()
	plant(t, dir, "file", "folder/")
	fifo := filepath.Join(dir, "fifo")
	require.NoError(t, unix.Mkfifo(fifo, 0o600))
	require.NoError(t, os.Symlink("file", filepath.Join(dir, "link")))

	for name, want := range map[string]bool{"file": true, "link": true, "folder": false} {
		is, err := source.IsImage(filepath.Join(dir, name))
		require.NoError(t, err)
		require.Equal(t, want, is, name)
	}
	for path, says := range map[string]string{
		fifo:                         "neither a folder, a regular file nor a disk",
		"/dev/null":                  "neither a folder, a regular file nor a disk",
		filepath.Join(dir, "nobody"): "no such file or directory",
	} {
		_, err := source.IsImage(path)
		require.ErrorContains(t, err, "source "+path+": ")
		require.ErrorContains(t, err, says)
		_, err = source.ImageFile(path).Open(t.Context())
		require.ErrorContains(t, err, "open source "+path+": ")
	}
	_, err := source.ImageFile(dir).Open(t.Context())
	require.ErrorContains(t, err, "neither a regular file nor a disk")
}
