package diskstore

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/task"
)

// A journal that cannot be read is named, and everything else goes on beside it.
func TestUnreadableJournal(t *testing.T) {
	for name, text := range map[string]string{
		"empty": "", "noise": strings.Repeat("\x00\xff\n", 1000), "a wrong sum": "00000000 {}\n", "no newline": "00000000 {}",
		"not a record": lineOf(t, "text"), "a record of nothing": lineOf(t, state{}), "one long line": strings.Repeat("x", 1<<20),
	} {
		t.Run(name, func(t *testing.T) {
			dir := leftBehind(t, Options{})
			path := layout(dir).journal(waiting(9).UPID.Position())
			write(t, path, text)
			requireBeside(t, dir, path)
			require.NoError(t, os.Remove(path), "which is what the error says")
			require.Len(t, listed(t, open(t, dir, Options{})), 3)
		})
	}
}

func lineOf(t *testing.T, value any) string {
	t.Helper()
	line, err := encodeLine(value)
	require.NoError(t, err)
	return string(line)
}

func requireBeside(t *testing.T, dir, path string) {
	t.Helper()
	s := open(t, dir, Options{})
	page, err := s.List(t.Context(), task.Query{})
	require.NoError(t, err)
	require.Len(t, page.Records, 5)
	require.Len(t, page.Unreadable, 1)
	require.ErrorContains(t, page.Unreadable[0], path)

	_, err = s.Get(t.Context(), waiting(9).UPID)
	require.ErrorContains(t, err, path)
	require.NotErrorIs(t, err, task.ErrNotFound)

	sums, err := s.Totals(t.Context(), time.Time{}, time.Time{})
	require.ErrorContains(t, err, path)
	require.EqualValues(t, 3, sums[0].Tasks)

	claims, err := s.Recover(t.Context(), newYear, func(task.Record) task.Verdict { return task.QueueAgain })
	require.ErrorContains(t, err, path)
	require.Len(t, claims, 2)

	_, err = s.Prune(t.Context(), task.Retention{Count: 1}, newYear)
	require.NoError(t, err)
	page, err = s.List(t.Context(), task.Query{})
	require.NoError(t, err)
	require.Len(t, page.Records, 3)
	require.NoError(t, s.Close())
}

// Files that nobody of ours has made are in nobody's way.
func TestGarbageBesideTheOwn(t *testing.T) {
	for _, name := range []string{"live/notes.txt", "live/zz.task", "owners/notes.txt", "cancel/notes.txt", "logs/notes.txt",
		"logs/2026-01-01/notes.txt", "live/lost+found/x", "logs/lost+found/x", "notes.txt"} {
		t.Run(name, func(t *testing.T) {
			dir := leftBehind(t, Options{})
			write(t, filepath.Join(dir, name), "\x00garbage")
			requireLeftBehind(t, dir)
			s := open(t, dir, Options{})
			_, err := s.Prune(t.Context(), task.Retention{Count: 1, LogCount: 1}, newYear)
			require.NoError(t, err)
			require.Len(t, listed(t, s), 3)
		})
	}
}

// A wish that is damaged is none, and may be uttered again.
func TestDamagedWish(t *testing.T) {
	s := open(t, t.TempDir(), Options{WishEvery: time.Millisecond})
	c := makeTask(t, s, waiting(1))
	write(t, s.wish(c.at), "garbage")
	told := make(chan task.Cancellation, 1)
	c.OnCancel(func(w task.Cancellation) { told <- w })
	s.lookForWishes()
	require.Empty(t, told)
	want := task.Cancellation{By: "eve"}
	require.NoError(t, s.RequestCancel(t.Context(), waiting(1).UPID, want))
	require.Equal(t, want, <-told)
}

// Without its history a store says what is wrong with that, and tasks go on.
func TestDamagedHistory(t *testing.T) {
	dir := leftBehind(t, Options{})
	s := open(t, dir, Options{})
	_, err := s.Prune(t.Context(), task.Retention{}, newYear)
	require.NoError(t, err)
	require.NoError(t, s.Close())
	manifest := filepath.Join(layout(dir).history(), "MANIFEST")
	sound, err := os.ReadFile(manifest)
	require.NoError(t, err)
	write(t, manifest, "garbage")

	s = open(t, dir, Options{})
	page, err := s.List(t.Context(), task.Query{})
	require.NoError(t, err)
	require.NotEmpty(t, page.Records, "those that have not ended")
	require.Len(t, page.Unreadable, 1)
	require.ErrorContains(t, page.Unreadable[0], manifest)
	_, err = s.Get(t.Context(), over(1).UPID)
	require.ErrorContains(t, err, manifest)
	_, err = s.Totals(t.Context(), time.Time{}, time.Time{})
	require.ErrorContains(t, err, manifest)
	makeTask(t, s, waiting(6), begun(6), over(6))
	_, err = s.Prune(t.Context(), task.Retention{}, newYear)
	require.ErrorContains(t, err, manifest)
	got, err := s.Get(t.Context(), over(6).UPID)
	require.NoError(t, err)
	require.Equal(t, over(6), got)
	claims, err := s.Recover(t.Context(), newYear, func(task.Record) task.Verdict { return task.QueueAgain })
	require.NoError(t, err)
	require.Len(t, claims, 2)
	require.NoError(t, s.Close())

	write(t, manifest, string(sound))
	require.Len(t, listed(t, open(t, dir, Options{})), 6)
}
