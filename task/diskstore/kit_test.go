package diskstore

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/task"
)

var newYear = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

// waiting is the record of the n-th task, begun that of one that runs, over that of one that has ended.
func waiting(n int) task.Record {
	at := newYear.Add(time.Duration(n) * time.Second)
	id := task.UPID{Node: "atlas", PID: 1, ProcessStart: 1, TaskID: uint64(n), Start: uint32(at.Unix()), Type: "copy", Auth: "ada"}
	return task.Record{UPID: id, Spec: task.Spec{Type: "copy", User: "ada"}, State: task.Queued, Created: at}
}

func begun(n int) task.Record {
	r := waiting(n)
	r.State, r.Started, r.Attempt = task.Running, r.Created, 1
	return r
}

func over(n int) task.Record {
	r := begun(n)
	r.State, r.Ended = task.OK, r.Started.Add(time.Minute)
	return r
}

// open opens a store that is closed when the test ends.
func open(t testing.TB, dir string, o Options) *Store {
	t.Helper()
	s, err := Open(dir, o)
	require.NoError(t, err)
	t.Cleanup(func() { _ = s.Close() }) // what it returns is for the tests that are about it
	return s
}

// makeTask makes a task and lets it come as far as the last of the records.
func makeTask(t testing.TB, s *Store, records ...task.Record) *claim {
	t.Helper()
	c, err := s.Create(t.Context(), records[0])
	require.NoError(t, err)
	for _, r := range records[1:] {
		require.NoError(t, c.Update(t.Context(), r))
	}
	return c.(*claim)
}

// leftBehind is a folder whose process died: tasks 1 to 3 have ended, 4 runs and 5 waits.
func leftBehind(t testing.TB, o Options) string {
	t.Helper()
	dir := t.TempDir()
	s := open(t, dir, o)
	for n := 1; n <= 3; n++ {
		makeTask(t, s, waiting(n), begun(n), over(n))
	}
	_, err := makeTask(t, s, waiting(4), begun(4)).Log().Write([]byte("a line\n"))
	require.NoError(t, err)
	makeTask(t, s, waiting(5))
	require.NoError(t, crash(s))
	return dir
}

// requireLeftBehind checks that all of that is there, and can be recovered.
func requireLeftBehind(t testing.TB, dir string) {
	t.Helper()
	s := open(t, dir, Options{})
	require.Equal(t, []task.Record{waiting(5), begun(4), over(3), over(2), over(1)}, listed(t, s))
	require.EqualValues(t, 3, counted(t, s))
	claims, err := s.Recover(t.Context(), newYear, func(task.Record) task.Verdict { return task.QueueAgain })
	require.NoError(t, err)
	require.Len(t, claims, 2)
	require.Equal(t, []string{"4", "5"}, []string{taskOf(claims[0]), taskOf(claims[1])})
	require.NoError(t, s.Close())
}

func taskOf(c task.Claim) string { return string(rune('0' + c.Record().UPID.TaskID)) }

func listed(t testing.TB, s *Store) []task.Record {
	t.Helper()
	page, err := s.List(t.Context(), task.Query{})
	require.NoError(t, err)
	require.Empty(t, page.Unreadable)
	return page.Records
}

func write(t testing.TB, path, text string) {
	t.Helper()
	require.NoError(t, os.MkdirAll(filepath.Dir(path), folderMode))
	require.NoError(t, os.WriteFile(path, []byte(text), fileMode))
}

// tree returns the files of a folder by name, with what they hold.
func tree(t testing.TB, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	require.NoError(t, filepath.Walk(dir, func(path string, info os.FileInfo, err error) error {
		if err != nil || info.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		files[path] = string(data)
		return err
	}))
	return files
}
