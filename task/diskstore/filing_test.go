package diskstore

import (
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/task"
	"github.com/heirloom-backup/heirloom/task/diskstore/internal/history"
	"github.com/heirloom-backup/heirloom/task/remedy"
)

// TestFilingIsTriedAgain has a filing fail: the next task that ends tries it again, and not one of many.
func TestFilingIsTriedAgain(t *testing.T) {
	s := open(t, t.TempDir(), Options{FileAt: 10})
	write(t, s.layout.history(), "in the way")
	for n := 1; n <= 10; n++ {
		makeTask(t, s, waiting(n), begun(n), over(n))
	}
	s.filing.wait()
	require.NoError(t, os.Remove(s.layout.history()))
	makeTask(t, s, waiting(11), begun(11), over(11))
	s.filing.wait()
	left, err := s.journals()
	require.NoError(t, err)
	require.Empty(t, left)
	require.Len(t, listed(t, s), 11)
	require.Zero(t, s.filing.count())
}

// TestRecordsThatDoNotFit has records of the largest sizes, as JSON makes them of control characters: those that can be
// made to fit are filed, and one that cannot be stays where it is and holds up no other.
func TestRecordsThatDoNotFit(t *testing.T) {
	s := open(t, t.TempDir(), Options{})
	control := strings.Repeat("\x01", 32<<10)
	failed := remedy.System().Explain(remedy.New("x", "", control, errors.New(control)))

	fits := waiting(1)
	fits.Source, fits.Target, fits.Key = control, control, control
	fits.UPID.Type, fits.UPID.Auth = strings.Repeat("<", 16000), strings.Repeat("<", 16000)
	fits.Type, fits.User = fits.UPID.Type, fits.UPID.Auth
	ended := fits
	ended.State, ended.Started, ended.Ended, ended.Attempt, ended.Failure = task.Failed, fits.Created, fits.Created, 1, &failed
	never := over(2)
	never.Source = strings.Repeat(control, 10) // no Spec takes that in, but a journal may have it
	records, unfit := fitting([]task.Record{ended, never, over(3)})
	require.Len(t, records, 2)
	require.ErrorContains(t, unfit, never.UPID.String())

	running := fits
	running.State, running.Started, running.Attempt = task.Running, fits.Created, 1
	makeTask(t, s, fits, running, ended)
	makeTask(t, s, waiting(3), begun(3), over(3))

	_, err := s.Prune(t.Context(), task.Retention{}, newYear)
	require.NoError(t, err)
	left, err := s.journals()
	require.NoError(t, err)
	require.Empty(t, left)
	require.Len(t, listed(t, s), 2)
	require.NoError(t, s.shelf.read(t.Context(), func(h *history.DB) error {
		_, err := h.Get(t.Context(), fits.UPID)
		return err
	}))
}
