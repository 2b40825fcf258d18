package diskstore

import (
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/task"
	"github.com/heirloom-backup/heirloom/task/progress"
)

// A journal does not grow with the number of attempts.
func TestJournalOfManyAttempts(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, Options{})
	first := waiting(1)
	first.Payload = []byte(`"` + strings.Repeat("x", 60<<10) + `"`)
	c := makeTask(t, s, first)
	r := first
	for attempt := range 40 {
		r.State, r.Attempt, r.Started = task.Running, attempt+1, r.Created
		require.NoError(t, c.Update(t.Context(), r))
		r.State = task.Queued
		require.NoError(t, c.Update(t.Context(), r))
	}
	info, err := os.Stat(layout(dir).journal(r.UPID.Position()))
	require.NoError(t, err)
	require.Less(t, info.Size(), int64(2*longJournal))
	got, err := open(t, dir, Options{ReadOnly: true}).Get(t.Context(), r.UPID)
	require.NoError(t, err)
	require.Equal(t, r, got)
}

// A record that is too large for the history goes in without what makes it so, and holds up no other.
func TestRecordTooLargeForTheHistory(t *testing.T) {
	s := open(t, t.TempDir(), Options{})
	large := over(1)
	at := large.Started
	large.Progress.Stages = []progress.Status{
		{Name: progress.Earlier, Folded: 50, Started: at, Ended: at.Add(time.Second), Done: progress.Count{Bytes: 2}},
		{Name: strings.Repeat("x", 2<<20), Started: at, Ended: at.Add(time.Minute), Done: progress.Count{Bytes: 1}},
	}
	makeTask(t, s, waiting(1), begun(1), large)
	makeTask(t, s, waiting(2), begun(2), over(2))
	_, err := s.Prune(t.Context(), task.Retention{}, newYear)
	require.NoError(t, err)
	positions, err := s.journals()
	require.NoError(t, err)
	require.Empty(t, positions, "both are filed")
	got, err := s.Get(t.Context(), large.UPID)
	require.NoError(t, err)
	require.Equal(t, task.OK, got.State)
	all := progress.Status{Name: progress.Earlier, Folded: 51, Started: at, Ended: at.Add(time.Minute), Done: progress.Count{Bytes: 3}, Rate: progress.Rate{Bytes: 0.05}}
	require.Equal(t, []progress.Status{all}, got.Progress.Stages)
	totals, err := s.Totals(t.Context(), time.Time{}, time.Time{})
	require.NoError(t, err)
	require.EqualValues(t, 3, totals[0].Work.Bytes, "what it did still counts")
}
