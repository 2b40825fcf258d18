package interleave

import (
	"errors"
	"fmt"
	"slices"
	"testing"
)

// Unlimited is a bound that bounds nothing.
const Unlimited = -1

// Bounds limit which schedules there are.
type Bounds struct {
	Preemptions int // at most so many switches away from an actor that could go on; 0: none, Unlimited: any number
	Crashes     int // at most so many actors crash; 0: none, Unlimited: any number
	Schedules   int // stop after so many, those cut included, though there may be more; 0: never

	// Unmerged explores also what follows from a state that was explored before. It is slower and finds nothing more:
	// for checking the search itself.
	Unmerged bool
}

func (b Bounds) budget() budget { return budget{b.Preemptions, b.Crashes} }

// Report says how much was explored.
type Report struct {
	Schedules int  // that were run to their end
	Cut       int  // that came to a state from which everything was explored before
	Steps     int  // operations, those included that were repeated to come back to a state
	States    int  // distinct; Exhaust and Search alone count them
	Complete  bool // no schedule within the bounds is left; of Exhaust and Search alone
}

// Exhaust runs the scene under every schedule within the bounds, depth first, and fails the test with the first
// *Violation.
func Exhaust(t *testing.T, b Bounds, build Builder) Report {
	t.Helper()
	report, err := Search(t, b, build)
	if err != nil {
		t.Fatal(err)
	}
	return report
}

// Search is Exhaust for scenes in which a violation is to be found: it returns the *Violation, and fails the test only
// if the scene does.
func Search(t *testing.T, b Bounds, build Builder) (Report, error) {
	w := watch(stall, die)
	defer w.stop()
	s := &search{bounds: b, seen: map[digest][]visit{}}
	for {
		r, err := play(t, w, b.budget(), build, s.choose)
		if err == nil && s.depth < len(s.path) {
			err = r.violation(fmt.Errorf("%w: this schedule went on before, and now it ends here", errChance))
		}
		s.count(r, err)
		if err != nil && !errors.Is(err, errCut) {
			return s.report, err
		}
		s.report.Complete = !s.advance()
		if s.report.Complete || s.report.Schedules+s.report.Cut == b.Schedules {
			return s.report, nil
		}
	}
}

var errChance = errors.New("the scene is not deterministic")

// search goes through the tree of choices depth first. It comes back to a node by running its path again.
type search struct {
	bounds Bounds
	path   []node
	depth  int // of the run under way
	seen   map[digest][]visit
	report Report
}

// node is a choice: the last one taken is options[taken].
type node struct {
	options []move
	taken   int
}

// visit is one way in which a state was reached, with what was left to spend.
type visit struct {
	turn int
	left budget
}

func (s *search) choose(p position) (int, error) {
	depth := s.depth
	s.depth++
	if depth < len(s.path) {
		n := s.path[depth]
		if !slices.Equal(n.options, p.options) {
			return 0, p.violation(fmt.Errorf("%w: this schedule led to the choice %s before, and now to %s",
				errChance, describe(n.options, p.actors), describe(p.options, p.actors)))
		}
		return n.taken, nil
	}
	if s.known(p) {
		return 0, errCut
	}
	s.path = append(s.path, node{options: p.options})
	return 0, nil
}

// known says whether all that can follow has been explored before, and notes that now it will have been: from the same
// state, with the same actor's turn, and with as much to spend or more.
//
// This leaves nothing out. Objects never change, and an actor is deterministic given what it has seen; so equal states
// have equal futures (see state). And it is explored already, not just begun: histories only grow, so a state never
// comes again below itself, and the search is depth first. Which crashes have been passed over is no part of it: those
// are explored where they were passed over.
func (s *search) known(p position) bool {
	now := visit{turn: -1, left: p.left}
	if p.turn >= 0 && p.options[0].actor == p.turn {
		now.turn = p.turn // else nobody has the turn: no switch is a preemption
	}
	state := p.state.digest(p.actors)
	before := s.seen[state]
	if !s.bounds.Unmerged && slices.ContainsFunc(before, func(v visit) bool {
		return v.turn == now.turn && v.left.covers(now.left)
	}) {
		return true
	}
	s.seen[state] = append(before, now)
	return false
}

// advance moves to the next branch and says whether there was one. A run that ended or was cut above the end of the
// path cannot be: whatever is repeated is repeated whole.
func (s *search) advance() bool {
	s.depth = 0
	for len(s.path) > 0 {
		last := &s.path[len(s.path)-1]
		if last.taken++; last.taken < len(last.options) {
			return true
		}
		s.path = s.path[:len(s.path)-1]
	}
	return false
}

func (s *search) count(r *run, err error) {
	if errors.Is(err, errCut) {
		s.report.Cut++
	} else {
		s.report.Schedules++
		if err == nil {
			s.seen[r.final] = nil // nothing follows
		}
	}
	s.report.Steps += len(r.trace.rows)
	s.report.States = len(s.seen)
}
