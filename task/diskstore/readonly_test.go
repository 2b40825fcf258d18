package diskstore

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/task"
)

// To read changes nothing, however the folder was left.
func TestReadOnlyChangesNothing(t *testing.T) {
	for name, filed := range map[string]bool{"without a history": false, "with a history": true} {
		t.Run(name, func(t *testing.T) {
			dir := leftBehind(t, Options{})
			if filed {
				s := open(t, dir, Options{})
				_, err := s.Prune(t.Context(), task.Retention{}, newYear)
				require.NoError(t, err)
				require.NoError(t, s.Close())
			}
			before := tree(t, dir)
			s := open(t, dir, Options{ReadOnly: true})
			require.Len(t, listed(t, s), 5)
			require.EqualValues(t, 3, counted(t, s))
			_, err := s.OpenLog(t.Context(), waiting(5).UPID)
			require.NoError(t, err)
			require.ErrorIs(t, s.RequestCancel(t.Context(), waiting(5).UPID, task.Cancellation{}), os.ErrPermission)
			_, err = s.Create(t.Context(), waiting(6))
			require.ErrorIs(t, err, os.ErrPermission)
			_, err = s.Prune(t.Context(), task.Retention{}, newYear)
			require.ErrorIs(t, err, os.ErrPermission)
			_, err = s.Recover(t.Context(), newYear, func(task.Record) task.Verdict { return task.Interrupted })
			require.ErrorIs(t, err, os.ErrPermission)
			require.NoError(t, s.Close())
			require.Equal(t, before, tree(t, dir))
		})
	}
	_, err := Open(filepath.Join(t.TempDir(), "none"), Options{ReadOnly: true})
	require.ErrorIs(t, err, os.ErrNotExist)
}
