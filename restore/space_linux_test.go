package restore_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"github.com/heirloom-backup/heirloom/restore"
)

// small mounts a file system of 1 MiB.
func small(t *testing.T) string {
	if os.Geteuid() != 0 {
		t.Skip("needs root to mount a small file system")
	}
	disk := t.TempDir()
	if err := unix.Mount("tmpfs", disk, "tmpfs", 0, "size=1m"); err != nil {
		t.Skipf("cannot mount a small file system: %v", err)
	}
	t.Cleanup(func() { require.NoError(t, unix.Unmount(disk, 0)) })
	return disk
}

// tooMuch is a snapshot of more than 1 MiB.
func tooMuch() *object {
	top := dir("top")
	for i := range 10 {
		top.children = append(top.children, file(fmt.Sprint(i), strings.Repeat(fmt.Sprint(i), 100_000), strings.Repeat("x", 100_000)))
	}
	return top
}

func TestNoSpace(t *testing.T) {
	disk := small(t)
	f, root := prepare(t, tooMuch())
	dest := filepath.Join(disk, "new", "dest")
	for _, hint := range []int64{0, 1 << 40} {
		_, err := restore.Tree(t.Context(), f, root, dest, restore.Options{SizeHint: hint})
		require.ErrorIs(t, err, restore.ErrNoSpace)
		require.Len(t, listing(t, disk), 1, "nothing was made")
	}
}

func TestFullDisk(t *testing.T) {
	disk := small(t)
	top := tooMuch()
	f, root := prepare(t, top)
	dest := filepath.Join(disk, "dest")
	_, err := restore.Tree(t.Context(), f, root, dest, restore.Options{SkipSpaceCheck: true})
	require.ErrorIs(t, err, unix.ENOSPC)
	requireWhole(t, dest, top)
}

// TestSizeHint: what is sparse fits although its size does not.
func TestSizeHint(t *testing.T) {
	disk := small(t)
	o := file("sparse", "x")
	o.parts = append(o.parts, part{hole: 1 << 30})
	f, root := prepare(t, o)
	_, err := restore.Tree(t.Context(), f, root, filepath.Join(disk, "sparse"), restore.Options{SizeHint: 1<<30 + 1})
	require.NoError(t, err)
}

func TestDevice(t *testing.T) {
	device := loop(t, 1<<20)
	o := file("disk.img", strings.Repeat("a", 5000))
	o.parts = append(o.parts, part{hole: 300_001}, part{data: []byte("end")})
	f, root := prepare(t, o)
	require.NoError(t, os.WriteFile(device, []byte(strings.Repeat("old", 200_000)), 0))

	_, err := restore.Tree(t.Context(), f, root, device, restore.Options{})
	require.ErrorIs(t, err, restore.ErrNotEmpty)
	result, err := restore.Tree(t.Context(), f, root, device, restore.Options{Overwrite: true})
	require.NoError(t, err)
	require.EqualValues(t, 5003, result.Bytes)
	data, err := os.ReadFile(device)
	require.NoError(t, err)
	require.Equal(t, string(o.content()), string(data[:o.Size]))

	o.parts = append(o.parts, part{hole: 1 << 20})
	_, err = restore.Tree(t.Context(), f, f.snapshot(t, o), device, restore.Options{Overwrite: true})
	require.ErrorIs(t, err, restore.ErrNoSpace)
}

// loop returns a block device of the given size.
func loop(t *testing.T, size int64) string {
	backing := filepath.Join(t.TempDir(), "backing")
	require.NoError(t, os.WriteFile(backing, nil, 0o600))
	require.NoError(t, os.Truncate(backing, size))
	out, err := exec.Command("losetup", "--find", "--show", backing).Output()
	if err != nil {
		t.Skipf("there is no block device to test on: losetup: %v", err)
	}
	device := strings.TrimSpace(string(out))
	t.Cleanup(func() { require.NoError(t, exec.Command("losetup", "--detach", device).Run()) })
	return device
}
