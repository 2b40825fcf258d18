package tasktest

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/task"
)

var queueModelRules = []rule[*QueueHarness]{
	{"random walk", "Whatever is pushed, pulled, done, given back and removed in whatever order: what may go ahead does, in " +
		"order, and nothing else.", queueAsAModel},
}

var walkLimits = task.Limits{Types: map[string]int{"a": 1, "b": 2, "never": 0}, Keys: map[string]int{"y": 2}}

// queueAsAModel walks beside a model that looks through all tickets each time. A walk takes no chances that it could not
// take again: its number is in the message.
func queueAsAModel(t testing.TB, h *QueueHarness) {
	walks := 300
	if !h.Fake {
		walks = 10 // each ticket that does not come takes its time
	}
	for seed := range walks {
		w := &walk{TB: t, h: h, q: h.queue(t, walkLimits), dice: rand.New(rand.NewPCG(uint64(seed), 6))}
		for range 100 {
			w.step(seed)
		}
		w.drain(seed)
		require.NoError(t, w.q.Close())
	}
}

// walk is a queue and the model of it.
type walk struct {
	testing.TB
	h       *QueueHarness
	q       task.Queue
	dice    *rand.Rand
	pushed  int
	waiting []task.Ticket // in the order in which they were pushed
	leases  []task.Lease
}

func (w *walk) step(seed int) {
	w.Helper()
	switch dice := w.dice.IntN(12); {
	case dice < 4:
		w.push()
	case dice < 8:
		w.pull(seed)
	case dice < 9 && len(w.leases) > 0:
		done(w, w.takeLease())
	case dice < 10 && len(w.leases) > 0:
		l := w.takeLease()
		giveBack(w, l, time.Time{})
		w.put(l.Ticket())
	case len(w.waiting) > 0:
		w.remove(seed)
	}
	requireDepth(w, w.q, len(w.waiting))
}

func (w *walk) push() {
	w.Helper()
	one := keyed(w.pushed, []string{"a", "b", "c", "never"}[w.dice.IntN(4)], []string{"", "x", "y", "z"}[w.dice.IntN(4)])
	one.Priority = w.dice.IntN(3)
	w.pushed++
	push(w, w.q, one)
	w.put(one)
}

// put puts a ticket where its number says: tickets are numbered in the order of being pushed.
func (w *walk) put(one task.Ticket) {
	at := slices.IndexFunc(w.waiting, func(other task.Ticket) bool { return number(other) > number(one) })
	if at < 0 {
		at = len(w.waiting)
	}
	w.waiting = slices.Insert(w.waiting, at, one)
}

func (w *walk) pull(seed int) {
	w.Helper()
	best := w.next()
	if best < 0 {
		w.h.requireNone(w, w.q)
		return
	}
	l := w.h.pull(w, w.q)
	require.Equal(w, w.waiting[best].UPID, l.Ticket().UPID, "walk %d", seed)
	w.waiting = slices.Delete(w.waiting, best, best+1)
	w.leases = append(w.leases, l)
}

// next returns which of the waiting tickets goes first, -1 if none may.
func (w *walk) next() int {
	best := -1
	for i, one := range w.waiting {
		if w.mayGo(one) && (best < 0 || one.Priority > w.waiting[best].Priority) {
			best = i
		}
	}
	return best
}

func (w *walk) mayGo(one task.Ticket) bool {
	ofKey, ofType := 0, 0
	for _, l := range w.leases {
		if l.Ticket().Key == one.Key {
			ofKey++
		}
		if l.Ticket().UPID.Type == one.UPID.Type {
			ofType++
		}
	}
	keyLimit, ok := walkLimits.Keys[one.Key]
	if !ok {
		keyLimit = 1
	}
	typeLimit, limited := walkLimits.Types[one.UPID.Type]
	return (one.Key == "" || ofKey < keyLimit) && (!limited || ofType < typeLimit)
}

func (w *walk) takeLease() task.Lease {
	i := w.dice.IntN(len(w.leases))
	l := w.leases[i]
	w.leases = slices.Delete(w.leases, i, i+1)
	return l
}

func (w *walk) remove(seed int) {
	w.Helper()
	i := w.dice.IntN(len(w.waiting))
	removed, err := w.q.Remove(w.Context(), w.waiting[i].UPID)
	require.NoError(w, err)
	require.True(w, removed, "walk %d", seed)
	w.waiting = slices.Delete(w.waiting, i, i+1)
}

// drain shows that nothing is stuck: all but the type that never goes ahead come out.
func (w *walk) drain(seed int) {
	w.Helper()
	for len(w.leases) > 0 {
		done(w, w.takeLease())
	}
	for w.next() >= 0 {
		w.pull(seed)
		done(w, w.takeLease())
	}
	w.h.requireNone(w, w.q)
}
