package datastore_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/datastore/backend"
	"github.com/heirloom-backup/heirloom/datastore/backend/backendtest"
	"github.com/heirloom-backup/heirloom/datastore/internal/interleave"
)

var (
	alpha = files{"a": noise(700, 1)}
	beta  = files{"b": noise(900, 2)}
	gamma = files{"c": noise(800, 3)}
	both  = files{"a": noise(700, 1), "b": noise(900, 2)}
)

// plays are the small worlds that are explored. Each is about one sentence of the collection protocol; internal/mutants
// shows, step by step, that a program that breaks it is found out here.
var plays = []struct {
	name   string
	bounds interleave.Bounds // of a short exploration; a long one allows one preemption more
	play   func(t *testing.T) *play
}{
	{"a writer relies on what is collected", bounds(2, 0), func(t *testing.T) *play {
		s := newStage(t, has("keep", beta), lost("old", alpha))
		return s.play(saves("writer", "new", both), acts("gc", gc(true)))
	}},
	{"what a writer relies on is removed meanwhile", bounds(1, 0), func(t *testing.T) *play {
		s := newStage(t, has("keep", beta), has("old", alpha))
		return s.play(saves("writer", "new", both), acts("prune", prune("old")), acts("gc", gc(true)), may("old"))
	}},
	{"a parent is taken over unread and removed", bounds(1, 0), func(t *testing.T) *play {
		s := newStage(t, has("keep", beta), has("old", alpha))
		s.want["new"] = alpha
		return s.play(acts("prune", prune("old")), acts("gc", gc(true)), runs("writer", "new", inherit("new", "old")), may("old"))
	}},
	{"anybody crashes", bounds(1, 1), func(t *testing.T) *play {
		s := newStage(t, has("keep", beta), lost("old", alpha))
		return s.play(saves("writer", "new", both), acts("gc", gc(true)))
	}},
	{"half of a pack is needed, and two collect it", bounds(2, 0), func(t *testing.T) *play {
		s := newStage(t, has("keep", both), half("keep", alpha))
		return s.play(acts("one", gc(true)), acts("two", gc(true)))
	}},
	{"half of a pack is needed, and a writer needs the rest", bounds(2, 0), func(t *testing.T) *play {
		s := newStage(t, has("keep", both), half("keep", alpha))
		return s.play(saves("writer", "new", beta), acts("gc", gc(true)))
	}},
	{"a condemned pack is needed again", bounds(1, 0), func(t *testing.T) *play {
		s := newStage(t, has("keep", beta), lost("old", alpha), collected(afterRecord))
		return s.play(saves("writer", "new", both), acts("one", gc(true)), acts("two", gc(true)))
	}},
	{"the packs of a writer are collected before it names them", bounds(2, 0), func(t *testing.T) *play {
		s := newStage(t, has("keep", beta))
		return s.play(saves("writer", "new", gamma), acts("gc", gc(true)))
	}},
	{"two collections condemn a chunk's two packs", bounds(2, 0), func(t *testing.T) *play {
		s := newStage(t, has("keep", beta))
		one, two := s.twins(t, alpha)
		return s.play(acts("one", gcOf(one...)), acts("two", gcOf(two...)))
	}},
	{"a removed snapshot is brought back", bounds(2, 0), func(t *testing.T) *play {
		s := newStage(t, has("keep", beta), lost("old", alpha))
		s.want["old"] = alpha
		return s.play(runs("undelete", "old", undelete("old")), acts("gc", gc(true)))
	}},
	{"a reader reads what is moved", bounds(2, 0), func(t *testing.T) *play {
		s := newStage(t, has("keep", both), half("keep", alpha))
		return s.play(acts("reader", look("rest", alpha)), acts("gc", gc(true)))
	}},
	{"nobody fences, and no writer has to read twice", bounds(1, 0), func(t *testing.T) *play {
		s := newStage(t, has("keep", beta), lost("old", alpha))
		return s.play(saves("writer", "new", both), acts("one", gc(false)), acts("two", gc(false)), politely())
	}},
	{"nobody fences, and there is one collection", bounds(2, 0), func(t *testing.T) *play {
		s := newStage(t, has("keep", beta), lost("old", alpha))
		return s.play(saves("writer", "new", both), acts("gc", gc(false)), politely())
	}},
}

func bounds(preemptions, crashes int) interleave.Bounds {
	return interleave.Bounds{Preemptions: preemptions, Crashes: crashes}
}

// twins saves the same files in two groups at the same time, so that each stores all of it, and returns the packs of each.
func (s *stage) twins(t *testing.T, f files) (one, two []string) {
	before := s.packs(t)
	var gate *backendtest.Gate
	first := enter(t, s, save("one", f), func(f *backendtest.Faulty) { gate = f.Hold(backend.KindPut, "packs/", backendtest.Every) })
	require.NoError(t, gate.Reached(t.Context()))
	require.NoError(t, has("two", f)(t.Context(), s))
	two = s.packsSince(t, before)
	gate.Release()
	require.NoError(t, first.exit())
	s.want["one"] = f
	return without(s.packsSince(t, before), two), two
}

// afterRecord ends a collection when it has condemned packs and said nothing else yet.
func afterRecord(f *backendtest.Faulty) { f.CrashAfter(backend.KindPut, "condemned/", 1) }

// TestModel explores the plays exhaustively, as far as their bounds go.
func TestModel(t *testing.T) {
	for _, c := range plays {
		t.Run(c.name, func(t *testing.T) {
			if long() {
				c.bounds.Preemptions++
			}
			r := interleave.Exhaust(t, c.bounds, c.play(t).scene)
			t.Logf("%d schedules, %d operations, %d states", r.Schedules, r.Steps, r.States)
		})
	}
}
