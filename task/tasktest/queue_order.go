package tasktest

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/task"
)

var orderRules = []rule[*QueueHarness]{
	{"order", "The highest priority goes first, and among equals what was pushed first.", queueOrder},
	{"order of what comes back", "A ticket that was given back is as old as before.", queueOrderOfReturned},
	{"not before its time", "A ticket waits until its time has come, and does not hold up others meanwhile.", queueNotBefore},
	{"given back for later", "A ticket that was given back for later waits until then.", queueReturnLater},
	{"ticket as it was", "What is handed out is what was pushed.", queueSameTicket},
}

func queueOrder(t testing.TB, h *QueueHarness) {
	q := h.queue(t, task.Limits{})
	for n, priority := range []int{0, 5, -1, 0, 5, 7, -1, 0} {
		one := ticket(n)
		one.Priority = priority
		push(t, q, one)
	}
	require.Equal(t, []int{5, 1, 4, 0, 3, 7, 2, 6}, h.pullNumbers(t, q, 8))
	h.requireNone(t, q)
}

func queueOrderOfReturned(t testing.TB, h *QueueHarness) {
	q := h.queue(t, task.Limits{})
	push(t, q, ticket(1), ticket(2))
	l := h.pull(t, q)
	push(t, q, ticket(3))
	giveBack(t, l, time.Time{})
	require.Equal(t, []int{1, 2, 3}, h.pullNumbers(t, q, 3))
}

func queueNotBefore(t testing.TB, h *QueueHarness) {
	q := h.queue(t, task.Limits{})
	never, past := ticket(1), ticket(2)
	never.NotBefore, never.Priority = time.Now().Add(time.Hour), 9
	past.NotBefore = time.Now().Add(-time.Hour)
	push(t, q, never, past, ticket(3))
	requireDepth(t, q, 3)
	require.Equal(t, []int{2, 3}, h.pullNumbers(t, q, 2))

	late, later := ticket(4), ticket(5) // in this order also if both are due when somebody has the time to look
	late.NotBefore, late.Priority = time.Now().Add(h.Short), 9
	later.NotBefore, later.Priority = time.Now().Add(2*h.Short), 8
	push(t, q, later, late)
	for _, due := range []task.Ticket{late, later} {
		require.Equal(t, []int{number(due)}, h.pullNumbers(t, q, 1))
		require.False(t, time.Now().Before(due.NotBefore), "it is not its time yet")
	}
	h.requireNone(t, q)
}

func queueReturnLater(t testing.TB, h *QueueHarness) {
	q := h.queue(t, task.Limits{})
	push(t, q, ticket(1))
	giveBack(t, h.pull(t, q), time.Now().Add(time.Hour))
	requireDepth(t, q, 1)
	h.requireNone(t, q)
	push(t, q, ticket(2))
	soon := time.Now().Add(h.Short)
	giveBack(t, h.pull(t, q), soon)
	require.Equal(t, []int{2}, h.pullNumbers(t, q, 1))
	require.False(t, time.Now().Before(soon), "it is not its time yet")
}

func queueSameTicket(t testing.TB, h *QueueHarness) {
	q := h.queue(t, task.Limits{})
	want := ticket(1)
	want.UPID.ID, want.Key, want.Priority = "/srv/a:b", "disk \x00", -3
	push(t, q, want)
	got := h.pull(t, q).Ticket()
	got.NotBefore = want.NotBefore // in whatever zone
	require.Equal(t, want, got)
}
