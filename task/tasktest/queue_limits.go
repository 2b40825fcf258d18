package tasktest

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/task"
)

var limitRules = []rule[*QueueHarness]{
	{"one at a time by key", "Of the tickets of one key one is held at a time, unless the limits say otherwise.", queueKeys},
	{"limit by type", "Of the tickets of one type no more are held than its limit says.", queueTypes},
	{"limit of none", "A type with the limit 0 never goes ahead, and holds nobody up.", queueTypeShut},
	{"held back by two limits", "A ticket that one limit holds back takes no room at the other.", queueTwoLimits},
	{"order at an opening", "When a limit gives way, the first in order goes ahead of those it held back.", queueOrderAtGate},
	{"removed while held back", "A ticket that was held back and is removed makes no difference to the others.",
		queueRemoveAtGate},
}

func keyed(n int, kind, key string) task.Ticket {
	one := ticketOf(n, kind)
	one.Key = key
	return one
}

func queueKeys(t testing.TB, h *QueueHarness) {
	q := h.queue(t, task.Limits{Keys: map[string]int{"two": 2}})
	push(t, q, keyed(1, "backup", "one"), keyed(2, "verify", "one"), keyed(3, "backup", "two"), keyed(4, "backup", "two"),
		keyed(5, "backup", "two"), ticket(6), ticket(7))
	held := map[int]task.Lease{}
	for _, want := range []int{1, 3, 4, 6, 7} {
		l := h.pull(t, q)
		require.Equal(t, want, number(l.Ticket()))
		held[want] = l
	}
	h.requireNone(t, q)
	requireDepth(t, q, 2)
	done(t, held[4])
	require.Equal(t, 5, number(h.pull(t, q).Ticket()))
	giveBack(t, held[1], time.Now().Add(time.Hour)) // its key is free meanwhile
	require.Equal(t, 2, number(h.pull(t, q).Ticket()))
	h.requireNone(t, q)
}

func queueTypes(t testing.TB, h *QueueHarness) {
	q := h.queue(t, task.Limits{Types: map[string]int{"verify": 2}})
	for n := range 5 {
		push(t, q, ticketOf(n, "verify"))
	}
	push(t, q, ticket(5))
	one, two, other := h.pull(t, q), h.pull(t, q), h.pull(t, q)
	require.Equal(t, []int{0, 1, 5}, []int{number(one.Ticket()), number(two.Ticket()), number(other.Ticket())})
	h.requireNone(t, q)
	done(t, two)
	done(t, two) // does nothing
	require.Equal(t, 2, number(h.pull(t, q).Ticket()))
	h.requireNone(t, q)
	done(t, other)
	h.requireNone(t, q)
	done(t, one)
	require.Equal(t, []int{3, 4}, h.pullNumbers(t, q, 2))
}

func queueTypeShut(t testing.TB, h *QueueHarness) {
	q := h.queue(t, task.Limits{Types: map[string]int{"tape": 0}})
	push(t, q, keyed(1, "tape", "k"), ticket(2), keyed(3, "backup", "k"))
	require.Equal(t, []int{2, 3}, h.pullNumbers(t, q, 2))
	h.requireNone(t, q)
	requireDepth(t, q, 1)
	removed, err := q.Remove(t.Context(), ticketOf(1, "tape").UPID)
	require.NoError(t, err)
	require.True(t, removed)
}

func queueTwoLimits(t testing.TB, h *QueueHarness) {
	q := h.queue(t, task.Limits{Types: map[string]int{"verify": 1}})
	push(t, q, keyed(1, "verify", "a"))
	first := h.pull(t, q)
	push(t, q, keyed(2, "verify", "b"), keyed(3, "backup", "b"), keyed(4, "backup", "a"))
	other := h.pull(t, q)
	require.Equal(t, 3, number(other.Ticket()), "2 is held back by its type and not in the way of its key")
	done(t, first)
	require.Equal(t, 4, number(h.pull(t, q).Ticket()), "2 is held back by its key now")
	h.requireNone(t, q)
	push(t, q, keyed(5, "verify", "c"))
	fifth := h.pull(t, q)
	require.Equal(t, 5, number(fifth.Ticket()), "and not in the way of its type")
	done(t, other)
	h.requireNone(t, q)
	done(t, fifth)
	require.Equal(t, []int{2}, h.pullNumbers(t, q, 1))
}

func queueOrderAtGate(t testing.TB, h *QueueHarness) {
	q := h.queue(t, task.Limits{})
	push(t, q, keyed(0, "backup", "k"))
	first := h.pull(t, q)
	for n, priority := range []int{0, 3, 0, 9} {
		one := keyed(n+1, "backup", "k")
		one.Priority = priority
		push(t, q, one)
		h.requireNone(t, q)
	}
	done(t, first)
	require.Equal(t, []int{4, 2, 1, 3}, h.pullNumbers(t, q, 4))
}

func queueRemoveAtGate(t testing.TB, h *QueueHarness) {
	q := h.queue(t, task.Limits{})
	push(t, q, keyed(1, "backup", "k"), keyed(2, "backup", "k"), keyed(3, "backup", "k"))
	first := h.pull(t, q)
	h.requireNone(t, q)
	done(t, first)
	removed, err := q.Remove(t.Context(), keyed(2, "backup", "k").UPID)
	require.NoError(t, err)
	require.True(t, removed)
	require.Equal(t, []int{3}, h.pullNumbers(t, q, 1))
}
