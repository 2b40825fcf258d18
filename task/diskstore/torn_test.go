package diskstore

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/task"
)

// A power loss may leave any part of the line that was being written. Nobody was told of it, and the one before counts.
func TestTornLine(t *testing.T) {
	dir := leftBehind(t, Options{})
	path := layout(dir).journal(begun(4).UPID.Position())
	whole, err := os.ReadFile(path)
	require.NoError(t, err)
	first := bytes.IndexByte(whole, '\n') + 1
	for cut := first; cut <= len(whole); cut++ {
		for name, tail := range map[string]string{"cut": "", "zeros": strings.Repeat("\x00", len(whole)-cut)} {
			write(t, path, string(whole[:cut])+tail)
			want := waiting(4)
			if cut == len(whole) {
				want = begun(4)
			}
			got, end, err := readJournal(path)
			require.NoError(t, err)
			require.Equal(t, want, got.Record, "%s at %d", name, cut)
			require.True(t, end == int64(first) || cut == len(whole))
			if cut%32 == 0 {
				requireGoesOn(t, dir, want)
			}
		}
	}
}

// requireGoesOn checks that a task can be taken over and brought to its end. It works on the journal, which the caller
// then writes anew.
func requireGoesOn(t *testing.T, dir string, want task.Record) {
	t.Helper()
	s := open(t, dir, Options{})
	got, err := s.Get(t.Context(), want.UPID)
	require.NoError(t, err)
	require.Equal(t, want, got)
	claims, err := s.Recover(t.Context(), newYear, func(r task.Record) task.Verdict {
		if r.UPID == want.UPID {
			return task.QueueAgain
		}
		return task.LeaveAlone
	})
	require.NoError(t, err)
	require.Len(t, claims, 1)
	require.NoError(t, claims[0].Update(t.Context(), begun(4)))
	require.NoError(t, claims[0].Update(t.Context(), over(4)))
	require.NoError(t, s.Close())
	got, err = open(t, dir, Options{}).Get(t.Context(), want.UPID)
	require.NoError(t, err)
	require.Equal(t, over(4), got)
}
