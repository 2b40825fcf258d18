package tasktest

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/task"
)

var leaseRules = []rule[*QueueHarness]{
	{"push twice", "A task that is in the queue, or is being worked on, is not taken in again.", queuePushTwice},
	{"done", "A task that is done is out of the queue, and may be pushed anew.", queueDone},
	{"end of a lease", "A lease ends once: what is called after that does nothing.", queueLeaseEnds},
	{"remove", "Remove takes out what waits, and nothing that somebody holds.", queueRemove},
	{"depth", "Depth counts the tickets that wait, also those whose time has not come.", queueDepth},
}

func queuePushTwice(t testing.TB, h *QueueHarness) {
	q := h.queue(t, task.Limits{})
	push(t, q, ticket(1))
	require.ErrorIs(t, q.Push(t.Context(), ticket(1)), task.ErrExists)
	l := h.pull(t, q)
	require.ErrorIs(t, q.Push(t.Context(), ticket(1)), task.ErrExists)
	giveBack(t, l, time.Now().Add(time.Hour))
	require.ErrorIs(t, q.Push(t.Context(), ticket(1)), task.ErrExists)
	requireDepth(t, q, 1)
}

func queueDone(t testing.TB, h *QueueHarness) {
	q := h.queue(t, task.Limits{})
	for range 3 {
		push(t, q, ticket(1))
		require.Equal(t, []int{1}, h.pullNumbers(t, q, 1))
		h.requireNone(t, q)
	}
}

func queueLeaseEnds(t testing.TB, h *QueueHarness) {
	q := h.queue(t, task.Limits{})
	push(t, q, ticket(1))
	first := h.pull(t, q)
	giveBack(t, first, time.Time{})
	second := h.pull(t, q)
	done(t, first)
	giveBack(t, first, time.Time{})
	h.requireNone(t, q)
	done(t, second)
	giveBack(t, second, time.Time{})
	h.requireNone(t, q)
	requireDepth(t, q, 0)
}

func queueRemove(t testing.TB, h *QueueHarness) {
	q := h.queue(t, task.Limits{})
	late := ticket(3)
	late.NotBefore = time.Now().Add(h.Short)
	push(t, q, ticket(1), ticket(2), late)
	l := h.pull(t, q)
	for n, want := range map[int]bool{1: false, 2: true, 3: true, 4: false} {
		removed, err := q.Remove(t.Context(), ticket(n).UPID)
		require.NoError(t, err)
		require.Equal(t, want, removed, "ticket %d", n)
	}
	done(t, l)
	h.requireNone(t, q)
	h.requireNone(t, q) // not when the time of 3 has come either
	removed, err := q.Remove(t.Context(), ticket(2).UPID)
	require.NoError(t, err)
	require.False(t, removed, "a second time")
}

func queueDepth(t testing.TB, h *QueueHarness) {
	q := h.queue(t, task.Limits{})
	late := ticket(3)
	late.NotBefore = time.Now().Add(time.Hour)
	push(t, q, keyed(1, "backup", "k"), keyed(2, "backup", "k"), late)
	requireDepth(t, q, 3)
	l := h.pull(t, q)
	requireDepth(t, q, 2)
	giveBack(t, l, time.Time{})
	requireDepth(t, q, 3)
	h.pullNumbers(t, q, 2)
	requireDepth(t, q, 1)
}
