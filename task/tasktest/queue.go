package tasktest

import (
	"cmp"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/task"
)

// QueueHarness is how RunQueue gets at a kind of queue.
type QueueHarness struct {
	// Place makes an empty place for a queue with these limits and returns what opens it. What was opened is closed by
	// the test. It is called within a synctest bubble if Fake says so.
	Place func(t testing.TB, limits task.Limits) (open func() (task.Queue, error))

	// Fake says that the queue lives in memory and knows no time but that of package time: its rules are then checked
	// in a bubble of testing/synctest, where waiting takes no time.
	Fake bool

	// Crash drops a queue as the end of its process would. Nil is for queues that do not outlast it.
	Crash func(q task.Queue) error

	// Short is a time that is long enough for the queue to hand out what it can: when it has passed without a ticket,
	// the test takes it that none may go ahead. Tickets are put off by it as well. 0 stands for 200 ms.
	Short time.Duration

	// Patience is how long the test waits for a ticket that is due, before it fails; 0 stands for 10 s.
	Patience time.Duration
}

// RunQueue checks a queue against every rule of task.Queue. Each rule is a subtest with a place of its own.
func RunQueue(t *testing.T, h QueueHarness) {
	h = h.withDefaults()
	for _, r := range queueRules() {
		t.Run(r.name, func(t *testing.T) { h.run(t, r) })
	}
	t.Run("outlasts its process", func(t *testing.T) {
		if h.Crash == nil {
			t.Skip("the harness says that the queue does not outlast its process")
		}
		for _, r := range queueCrashRules {
			t.Run(r.name, func(t *testing.T) { h.run(t, r) })
		}
	})
}

func (h QueueHarness) withDefaults() QueueHarness {
	h.Short, h.Patience = cmp.Or(h.Short, 200*time.Millisecond), cmp.Or(h.Patience, 10*time.Second)
	return h
}

// run checks a rule, in a bubble if it can be.
func (h QueueHarness) run(t *testing.T, r rule[*QueueHarness]) {
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("the rule: %s", r.why)
		}
	})
	if h.Fake {
		synctest.Test(t, func(t *testing.T) { r.check(t, &h) })
		return
	}
	r.check(t, &h)
}

func queueRules() []rule[*QueueHarness] {
	return slices.Concat(orderRules, waitRules, limitRules, leaseRules, queueModelRules)
}

// queue makes an empty queue, which is closed when the rule has been checked.
func (h *QueueHarness) queue(t testing.TB, limits task.Limits) task.Queue {
	t.Helper()
	return opened(t, h.Place(t, limits))
}

func opened(t testing.TB, open func() (task.Queue, error)) task.Queue {
	t.Helper()
	q, err := open()
	require.NoError(t, err)
	t.Cleanup(func() { _ = q.Close() })
	return q
}
