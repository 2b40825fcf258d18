package diskstore

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"github.com/heirloom-backup/heirloom/task"
	"github.com/heirloom-backup/heirloom/task/remedy"
)

// smallDisk is a store on a disk of 1 MiB, and what fills and empties that. It has no room for a history.
func smallDisk(t *testing.T) (dir string, fill, empty func()) {
	t.Helper()
	dir = t.TempDir()
	mount(t, "tmpfs", dir, "tmpfs", 0, "size=1m")
	ballast := filepath.Join(dir, "ballast")
	fill = func() {
		f, err := os.OpenFile(ballast, os.O_WRONLY|os.O_CREATE|os.O_APPEND, fileMode)
		require.NoError(t, err)
		for err == nil {
			_, err = f.Write(make([]byte, 512))
		}
		require.ErrorIs(t, err, unix.ENOSPC)
		require.NoError(t, f.Close())
	}
	return dir, fill, func() { require.NoError(t, os.Remove(ballast)) }
}

func newRunner(t *testing.T, s task.Store) *task.Runner {
	t.Helper()
	r, err := task.NewRunner(t.Context(), task.Options{Store: s, Slots: 1, Patience: 20 * time.Millisecond})
	require.NoError(t, err)
	t.Cleanup(func() { _ = r.Close(context.Background()) })
	return r
}

var copying = task.Spec{Type: "copy", User: "ada"}

// A task is not taken on where it cannot be recorded, and what was taken on before is all there.
func TestSubmitToAFullDisk(t *testing.T) {
	dir, fill, empty := smallDisk(t)
	s := open(t, dir, Options{})
	r := newRunner(t, s)
	nothing := func(context.Context, *task.Run) error { return nil }
	before, err := r.Do(t.Context(), copying, nothing)
	require.NoError(t, err)
	fill()
	_, err = r.Submit(t.Context(), copying, nothing)
	require.ErrorIs(t, err, unix.ENOSPC)
	require.ErrorContains(t, err, dir)
	require.Equal(t, []task.Record{before}, listed(t, s))
	empty()
	_, err = r.Do(t.Context(), copying, nothing)
	require.NoError(t, err, "as soon as there is room again")
	require.Len(t, listed(t, s), 2)
}

// A task that ends while the disk is full waits for room as long as the runner is patient. Then it says that its end is
// not recorded, and whoever recovers the store finds it interrupted.
func TestEndOnAFullDisk(t *testing.T) {
	dir, fill, empty := smallDisk(t)
	s := open(t, dir, Options{})
	r := newRunner(t, s)
	record, err := r.Do(t.Context(), copying, func(context.Context, *task.Run) error {
		padJournals(t, s)
		fill()
		return nil
	})
	require.ErrorIs(t, err, task.ErrNotRecorded)
	require.ErrorIs(t, err, unix.ENOSPC)
	stored, err := s.Get(t.Context(), record.UPID)
	require.NoError(t, err)
	require.Equal(t, task.Running, stored.State)
	empty()
	require.NoError(t, r.Close(t.Context()))
	require.NoError(t, s.Close())

	s = open(t, dir, Options{})
	newRunner(t, s)
	stored, err = s.Get(t.Context(), record.UPID)
	require.NoError(t, err)
	require.Equal(t, task.Failed, stored.State)
	require.Equal(t, remedy.CodeInterrupted, stored.Failure.Code)
}

// padJournals fills the last page of each journal with lines that are none, so that the next takes another.
func padJournals(t *testing.T, s *Store) {
	positions, err := s.journals()
	require.NoError(t, err)
	for _, at := range positions {
		c := s.claim(at)
		require.NotNil(t, c)
		c.mu.Lock()
		room := (4<<10 - c.end%(4<<10)) % (4 << 10)
		require.NoError(t, writeLine(s.journal(at), append(make([]byte, room-1), '\n'), c.end))
		c.end += room
		c.mu.Unlock()
	}
}

// What cannot be filed stays where it is, and is filed when there is room.
func TestFilingOnAFullDisk(t *testing.T) {
	dir, _, _ := smallDisk(t)
	s := open(t, dir, Options{FileAt: 4})
	for n := range 20 {
		makeTask(t, s, waiting(n), begun(n), over(n))
	}
	_, err := s.Prune(t.Context(), task.Retention{}, newYear)
	require.ErrorIs(t, err, unix.ENOSPC)
	require.Len(t, listed(t, s), 20)
	require.NoError(t, s.Close(), "nothing is lost")

	remount(t, dir, 0, "size=200m")
	s = open(t, dir, Options{})
	require.Len(t, listed(t, s), 20)
	s.file(t.Context())
	left, err := s.journals()
	require.NoError(t, err)
	require.Empty(t, left)
	require.Len(t, listed(t, s), 20)
	require.EqualValues(t, 20, counted(t, s))
}
