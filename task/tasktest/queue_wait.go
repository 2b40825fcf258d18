package tasktest

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/task"
)

var waitRules = []rule[*QueueHarness]{
	{"waiting", "Who waits gets what comes.", queueWaits},
	{"many wait", "Each ticket goes to one of those who wait.", queueManyWait},
	{"giving up", "Pull returns the context's error, and no ticket is lost to one who has given up.", queueGivingUp},
	{"close", "Close wakes those who wait with ErrClosed, and nothing is taken on after it.", queueCloses},
	{"close with tickets out", "Tickets that are held when the queue is closed may be done or given back.", queueClosesBusy},
}

// pulled is what came of a Pull on another goroutine.
type pulled struct {
	lease task.Lease
	err   error
}

func pullElsewhere(ctx context.Context, q task.Queue) <-chan pulled {
	came := make(chan pulled, 1)
	go func() {
		l, err := q.Pull(ctx)
		came <- pulled{l, err}
	}()
	return came
}

// await waits for what comes of a Pull.
func (h *QueueHarness) await(t testing.TB, came <-chan pulled) pulled {
	t.Helper()
	select {
	case p := <-came:
		return p
	case <-time.After(h.Patience):
		require.FailNow(t, "who waits in Pull is not woken")
		return pulled{}
	}
}

func queueWaits(t testing.TB, h *QueueHarness) {
	q := h.queue(t, task.Limits{})
	came := pullElsewhere(t.Context(), q)
	h.requireNone(t, q)
	push(t, q, ticket(1))
	p := h.await(t, came)
	require.NoError(t, p.err)
	require.Equal(t, 1, number(p.lease.Ticket()))
	done(t, p.lease)
}

func queueManyWait(t testing.TB, h *QueueHarness) {
	q := h.queue(t, task.Limits{})
	var waiting []<-chan pulled
	for range 8 {
		waiting = append(waiting, pullElsewhere(t.Context(), q))
	}
	var want, got []int
	for n := range 8 {
		push(t, q, ticket(n))
		want = append(want, n)
	}
	for _, came := range waiting {
		p := h.await(t, came)
		require.NoError(t, p.err)
		got = append(got, number(p.lease.Ticket()))
	}
	require.ElementsMatch(t, want, got)
	requireDepth(t, q, 0)
}

func queueGivingUp(t testing.TB, h *QueueHarness) {
	q := h.queue(t, task.Limits{})
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	push(t, q, ticket(0))
	_, err := q.Pull(ended)
	require.ErrorIs(t, err, context.Canceled)
	require.Equal(t, []int{0}, h.pullNumbers(t, q, 1))
	for n := range 50 {
		ctx, cancel := context.WithCancel(t.Context())
		came := pullElsewhere(ctx, q)
		go cancel() // at the same time as a ticket comes
		push(t, q, ticket(n))
		if p := h.await(t, came); p.err == nil {
			require.Equal(t, n, number(p.lease.Ticket()))
			done(t, p.lease)
		} else {
			require.ErrorIs(t, p.err, context.Canceled)
			require.Equal(t, []int{n}, h.pullNumbers(t, q, 1))
		}
	}
}

func queueCloses(t testing.TB, h *QueueHarness) {
	q := h.queue(t, task.Limits{})
	waiting := []<-chan pulled{pullElsewhere(t.Context(), q), pullElsewhere(t.Context(), q)}
	h.requireNone(t, q) // by now they wait
	require.NoError(t, q.Close())
	for _, came := range waiting {
		require.ErrorIs(t, h.await(t, came).err, task.ErrClosed)
	}
	require.ErrorIs(t, q.Push(t.Context(), ticket(1)), task.ErrClosed)
	_, err := q.Pull(t.Context())
	require.ErrorIs(t, err, task.ErrClosed)
	require.NoError(t, q.Close())
}

func queueClosesBusy(t testing.TB, h *QueueHarness) {
	q := h.queue(t, task.Limits{})
	push(t, q, ticket(1), ticket(2), ticket(3))
	one, two := h.pull(t, q), h.pull(t, q)
	require.NoError(t, q.Close())
	done(t, one)
	giveBack(t, two, time.Time{})
	_, err := q.Pull(t.Context())
	require.ErrorIs(t, err, task.ErrClosed)
}
