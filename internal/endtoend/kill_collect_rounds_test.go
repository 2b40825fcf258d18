//go:build linux

package endtoend

import (
	"math/rand/v2"
	"strings"
	"testing"
	"time"
)

// TestKillCollect lets three processes at a time work on one store, without a pause: one backs up, one removes snapshots
// and brings them back, one frees space and reads; the second frees space, too. A part of them is killed or interrupted,
// at random moments. Whatever was promised, and not removed, is there all the time and comes back bit for bit, and in the
// end nothing is left that is not needed. In full, each store is worked on for ten minutes.
func TestKillCollect(t *testing.T) {
	for i, kind := range []struct {
		name string
		init []string
	}{{"plain", []string{"init"}}, {"encrypted", []string{"init", "--encrypt"}}} {
		t.Run(kind.name, func(t *testing.T) {
			b := newBout(t)
			defer b.tally.log(t)
			b.must(kind.init...)
			rounds := sampled(1, 8)
			lasts := time.Duration(sampled(4, 600)) * time.Second / time.Duration(rounds)
			for round := range rounds {
				b.round(time.Now().Add(lasts), (round+i)%2 == 0)
				if round < rounds-1 {
					b.checkAll()
				}
			}
			b.finish()
		})
	}
}

// bout is the work of several processes on one store. All that it knows belongs to the goroutine of the test.
type bout struct {
	*shell
	random *rand.Rand
	ends   chan *running // those that have ended
	active int           // how many run
	ticks  int           // what puts events in order
	lasts  map[string]time.Duration

	saver    *saver
	register register
	tally    tally
	history  strings.Builder

	collecting int // how many collections run
	collected  int // tick at which the last one began or ended
}

func newBout(t *testing.T) *bout {
	b := &bout{shell: newShell(t), random: luck(t), ends: make(chan *running, 9), lasts: map[string]time.Duration{},
		register: register{fates: map[string]*fate{}, attempts: map[string][]tableau{}}, tally: tally{}}
	b.env = []string{"HEIRLOOM_PASSPHRASE=secret"}
	b.saver = newSaver(b)
	t.Cleanup(b.keepIfFailed)
	return b
}

// tick returns the time by a clock that moves at each event.
func (b *bout) tick() int {
	b.ticks++
	return b.ticks
}

// round lets everybody work for a time, each with a cache folder of its own or all with one.
func (b *bout) round(until time.Time, shared bool) {
	hands := []*hand{{name: "saver", next: b.saver.next}, {name: "keeper", next: b.keep}, {name: "collector", next: b.collect}}
	for _, h := range hands {
		h.cache = b.path("cache", h.name)
		if shared {
			h.cache = b.path("cache", "shared")
		}
		b.start(h, h.next())
	}
	for b.active > 0 {
		r := <-b.ends
		next := b.judge(r)
		if next == nil && time.Now().Before(until) {
			next = r.hand.next()
		}
		if next != nil {
			b.start(r.hand, next)
		}
	}
	b.tally["rounds"]++
}

// alone does one thing, and what comes of it, while nobody else works.
func (b *bout) alone(d *deed) {
	h := &hand{name: "alone", cache: b.path("cache", "shared")}
	for ; d != nil; d = b.judge(<-b.ends) {
		d.spared = true
		b.start(h, d)
	}
}

// chance is true in so many of a hundred cases.
func (b *bout) chance(percent int) bool { return b.random.IntN(100) < percent }

// oneOf chooses one of a list; nil if it is empty.
func oneOf[T any](random *rand.Rand, list []*T) *T {
	if len(list) == 0 {
		return nil
	}
	return list[random.IntN(len(list))]
}
