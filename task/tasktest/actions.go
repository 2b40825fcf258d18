package tasktest

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/task"
)

// create makes a task, or ends the test.
func create(t testing.TB, s task.Store, r task.Record) task.Claim {
	t.Helper()
	c, err := s.Create(t.Context(), r)
	require.NoError(t, err)
	return c
}

// update changes a task's record, or ends the test.
func update(t testing.TB, c task.Claim, r task.Record) task.Record {
	t.Helper()
	require.NoError(t, c.Update(t.Context(), r))
	return r
}

// start makes a task that runs.
func start(t testing.TB, s task.Store, r task.Record) task.Claim {
	t.Helper()
	c := create(t, s, r)
	update(t, c, begun(r))
	return c
}

// finish makes a task that has ended, with a line in its log, and returns its record.
func finish(t testing.TB, s task.Store, r task.Record, state task.State) task.Record {
	t.Helper()
	c := start(t, s, r)
	appendLog(t, c, aLine)
	last := over(c.Record(), state)
	last.LogSize = c.Log().Size()
	return update(t, c, last)
}

const aLine = `{"time":"2026-01-01T00:00:00Z","level":"INFO","msg":"done"}` + "\n"

func appendLog(t testing.TB, c task.Claim, text string) {
	t.Helper()
	n, err := c.Log().Write([]byte(text))
	require.NoError(t, err)
	require.Equal(t, len(text), n)
}

// requireRecord checks that a store has a record as it is, by name and in its list.
func requireRecord(t testing.TB, s task.Reader, want task.Record) {
	t.Helper()
	got, err := s.Get(t.Context(), want.UPID)
	require.NoError(t, err)
	require.Equal(t, want, got)
	for _, r := range listAll(t, s, task.Query{}) {
		if r.UPID == want.UPID {
			require.Equal(t, want, r)
			return
		}
	}
	require.FailNow(t, "a record is not listed", "%s", want.UPID)
}

// listAll goes through all pages of a query, or ends the test.
func listAll(t testing.TB, s task.Reader, q task.Query) []task.Record {
	t.Helper()
	var all []task.Record
	for {
		page, err := s.List(t.Context(), q)
		require.NoError(t, err)
		require.Empty(t, page.Unreadable)
		require.LessOrEqual(t, len(page.Records), q.PageSize())
		all = append(all, page.Records...)
		if page.Next == "" {
			return all
		}
		require.NotEmpty(t, page.Records, "a page that says there are more")
		q.After = page.Next
	}
}

func names(records []task.Record) []task.UPID {
	list := make([]task.UPID, len(records))
	for i, r := range records {
		list[i] = r.UPID
	}
	return list
}

func totalsOf(t testing.TB, s task.Reader, since, until time.Time) []task.Total {
	t.Helper()
	sums, err := s.Totals(t.Context(), since, until)
	require.NoError(t, err)
	return sums
}

// recoverAll recovers what has no owner, with one verdict for all, or ends the test.
func recoverAll(t testing.TB, s task.Store, v task.Verdict) []task.Claim {
	t.Helper()
	claims, err := s.Recover(t.Context(), newYear.Add(time.Hour), func(task.Record) task.Verdict { return v })
	require.NoError(t, err)
	return claims
}
