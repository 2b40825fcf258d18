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
	last, late, past := ticket(1), ticket(2), ticket(3)
	last.NotBefore, last.Priority = time.Now().Add(8*h.Short), 9
	late.NotBefore, late.Priority = time.Now().Add(4*h.Short), 9
	past.NotBefore = time.Now().Add(-time.Hour)
	push(t, q, last, late, past, ticket(4))
	requireDepth(t, q, 4)
	require.Equal(t, []int{3, 4}, h.pullNumbers(t, q, 2))
	require.Equal(t, []int{2}, h.pullNumbers(t, q, 1))
	require.False(t, time.Now().Before(late.NotBefore), "it is not its time yet")
	require.Equal(t, []int{1}, h.pullNumbers(t, q, 1))
	require.False(t, time.Now().Before(last.NotBefore), "it is not its time yet")
}

func queueReturnLater(t testing.TB, h *QueueHarness) {
	q := h.queue(t, task.Limits{})
	push(t, q, ticket(1))
	l := h.pull(t, q)
	later := time.Now().Add(3 * h.Short)
	giveBack(t, l, later)
	requireDepth(t, q, 1)
	h.requireNone(t, q)
	require.Equal(t, []int{1}, h.pullNumbers(t, q, 1))
	require.False(t, time.Now().Before(later), "it is not its time yet")
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
