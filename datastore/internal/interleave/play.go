package interleave

import (
	"errors"
	"fmt"
	"slices"
	"testing"
)

var errThrown = errors.New("the choice panicked")

// Play runs the scene under one schedule that pick decides: at each step it is called with the number of moves there
// are within the bounds, and returns the index of one. Index 0 goes on with the actor that moved last, if that can go
// on; the last ones are crashes. It returns the *Violation if there is one, and fails the test only if the scene does.
// A panic of pick, by which rapid ends an attempt, is carried on to the caller once all actors have ended.
func Play(t *testing.T, b Bounds, pick func(n int) int, build Builder) error {
	w := watch(stall, die)
	defer w.stop()
	var thrown any
	_, err := play(t, w, b.budget(), build, func(p position) (i int, err error) {
		defer func() {
			if thrown = recover(); thrown != nil {
				err = errThrown
			}
		}()
		return pick(len(p.options)), nil
	})
	if thrown != nil {
		panic(thrown)
	}
	return err
}

// Replay runs the scene under a schedule that a Violation gave, and fails the test with the violation. When the text
// ends before the actors do, the one that moved last goes on for as long as it can, then the next.
func Replay(t *testing.T, text string, build Builder) {
	t.Helper()
	if err := replay(t, text, build); err != nil {
		t.Fatal(err)
	}
}

func replay(t *testing.T, text string, build Builder) error {
	s, err := parseSchedule(text)
	if err != nil {
		return err
	}
	w := watch(stall, die)
	defer w.stop()
	player := &player{rest: s}
	r, err := play(t, w, budget{Unlimited, Unlimited}, build, player.choose)
	if err == nil && len(player.rest) > 0 {
		err = r.violation(fmt.Errorf("%w: it ended before the schedule, of which %q was left", errChance, player.rest))
	}
	return err
}

// player chooses what a schedule says.
type player struct{ rest schedule }

func (p *player) choose(at position) (int, error) {
	if len(p.rest) == 0 {
		return 0, nil
	}
	next := p.rest[0]
	i := slices.IndexFunc(at.options, func(m move) bool {
		return at.actors[m.actor].Name == next.actor && m.crash == (next.count == 0)
	})
	if i < 0 {
		return 0, at.violation(fmt.Errorf("%w, or the schedule is another scene's: %q is next, but the choice is %s",
			errChance, schedule{next}, describe(at.options, at.actors)))
	}
	if p.rest = slices.Clone(p.rest); next.count > 1 {
		p.rest[0].count--
	} else {
		p.rest = p.rest[1:]
	}
	return i, nil
}
