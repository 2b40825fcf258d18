package tasktest

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/task"
)

// ticket is that of the n-th task.
func ticket(n int) task.Ticket { return ticketOf(n, "backup") }

func ticketOf(n int, kind string) task.Ticket {
	return task.Ticket{UPID: recordOf(n, newYear, task.Spec{Type: kind, User: "ada@pam"}).UPID}
}

func number(t task.Ticket) int { return int(t.UPID.TaskID) }

func push(t testing.TB, q task.Queue, tickets ...task.Ticket) {
	t.Helper()
	for _, one := range tickets {
		require.NoError(t, q.Push(t.Context(), one))
	}
}

// pull takes a ticket that is due.
func (h *QueueHarness) pull(t testing.TB, q task.Queue) task.Lease {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), h.Patience)
	defer cancel()
	l, err := q.Pull(ctx)
	require.NoError(t, err, "a ticket is due and does not come")
	return l
}

// pullNumbers takes so many tickets, and says that they are done.
func (h *QueueHarness) pullNumbers(t testing.TB, q task.Queue, n int) (got []int) {
	t.Helper()
	for range n {
		l := h.pull(t, q)
		got = append(got, number(l.Ticket()))
		require.NoError(t, l.Done(t.Context()))
	}
	return got
}

// requireNone checks that no ticket may go ahead.
func (h *QueueHarness) requireNone(t testing.TB, q task.Queue) {
	t.Helper()
	l, err := h.tryPull(t, q)
	if err == nil {
		require.FailNow(t, "a ticket goes ahead that may not", "%+v", l.Ticket())
	}
	require.ErrorIs(t, err, context.DeadlineExceeded)
}

func (h *QueueHarness) tryPull(t testing.TB, q task.Queue) (task.Lease, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), h.Short)
	defer cancel()
	return q.Pull(ctx)
}

func requireDepth(t testing.TB, q task.Queue, want int) {
	t.Helper()
	depth, err := q.Depth(t.Context())
	require.NoError(t, err)
	require.Equal(t, want, depth, "tickets that wait")
}

func done(t testing.TB, l task.Lease) {
	t.Helper()
	require.NoError(t, l.Done(t.Context()))
}

func giveBack(t testing.TB, l task.Lease, notBefore time.Time) {
	t.Helper()
	require.NoError(t, l.Return(t.Context(), notBefore))
}
