package diskstore

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"github.com/heirloom-backup/heirloom/internal/needs"
	"github.com/heirloom-backup/heirloom/task"
)

// mount mounts something, or skips the test where that is not allowed.
func mount(t *testing.T, source, dir, kind string, flags uintptr, options string) {
	t.Helper()
	err := unix.Mount(source, dir, kind, flags, options)
	needs.That(t, err == nil, fmt.Sprintf("root, to mount: %v", err))
	t.Cleanup(func() { require.NoError(t, unix.Unmount(dir, unix.MNT_DETACH)) })
}

func remount(t *testing.T, dir string, flags uintptr, options string) {
	t.Helper()
	require.NoError(t, unix.Mount("", dir, "", unix.MS_REMOUNT|flags, options))
}

// A store on a disk that may only be read can be read, and says of everything else why not.
func TestReadOnlyDisk(t *testing.T) {
	dir := leftBehind(t, Options{})
	s := open(t, dir, Options{})
	s.file(t.Context())
	require.NoError(t, s.Close())
	mount(t, dir, dir, "", unix.MS_BIND, "")
	remount(t, dir, unix.MS_BIND|unix.MS_RDONLY, "")
	for _, o := range []Options{{}, {ReadOnly: true}} {
		s := open(t, dir, o)
		require.Len(t, listed(t, s), 5)
		require.EqualValues(t, 3, counted(t, s))
		require.Equal(t, "a line\n", logOf(t, s, begun(4).UPID))
		require.NoError(t, s.Close())
	}
	s = open(t, dir, Options{})
	requireWritesFail(t, s, unix.EROFS)
	_, err := task.NewRunner(t.Context(), task.Options{Store: s})
	require.ErrorIs(t, err, unix.EROFS)
	require.ErrorContains(t, err, dir)
}

func requireWritesFail(t *testing.T, s *Store, why error) {
	t.Helper()
	ctx := t.Context()
	_, err := s.Create(ctx, waiting(6))
	require.ErrorIs(t, err, why)
	require.ErrorContains(t, err, waiting(6).UPID.String())
	_, err = s.Recover(ctx, newYear, func(task.Record) task.Verdict { return task.Interrupted })
	require.ErrorIs(t, err, why)
	require.ErrorIs(t, s.RequestCancel(ctx, waiting(5).UPID, task.Cancellation{}), why)
	_, err = s.Prune(ctx, task.Retention{Count: 1}, newYear)
	require.ErrorIs(t, err, why)
}

func logOf(t *testing.T, s *Store, id task.UPID) string {
	t.Helper()
	log, err := s.OpenLog(t.Context(), id)
	require.NoError(t, err)
	defer log.Close()
	data := make([]byte, 1<<10)
	n, _ := log.ReadAt(data, 0) // io.EOF
	return string(data[:n])
}
