package tasktest

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/task"
)

var queueCrashRules = []rule[*QueueHarness]{
	{"crash", "What was pushed and is not done is handed out after a crash, in order; what is done or removed is not.",
		queueCrashes},
	{"crash of a holder", "A ticket whose holder is found dead is handed out again, to another process too.", queueHolderDies},
}

func queueCrashes(t testing.TB, h *QueueHarness) {
	open := h.Place(t, task.Limits{})
	q := opened(t, open)
	high := ticket(5)
	high.Priority = 1
	push(t, q, ticket(1), ticket(2), ticket(3), ticket(4), high)
	done(t, h.pull(t, q)) // 5
	done(t, h.pull(t, q)) // 1
	giveBack(t, h.pull(t, q), time.Time{})
	removed, err := q.Remove(t.Context(), ticket(3).UPID)
	require.NoError(t, err)
	require.True(t, removed)
	require.NoError(t, h.Crash(q))
	q = opened(t, open)
	requireDepth(t, q, 2)
	require.Equal(t, []int{2, 4}, h.pullNumbers(t, q, 2))
	h.requireNone(t, q)
}

func queueHolderDies(t testing.TB, h *QueueHarness) {
	open := h.Place(t, task.Limits{})
	holder, other := opened(t, open), opened(t, open)
	push(t, other, keyed(1, "backup", "k"), keyed(2, "backup", "k"))
	require.Equal(t, 1, number(h.pull(t, holder).Ticket()))
	h.requireNone(t, other)
	require.NoError(t, h.Crash(holder))
	require.Equal(t, []int{1, 2}, h.pullNumbers(t, other, 2))
}
