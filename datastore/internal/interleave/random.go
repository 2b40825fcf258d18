package interleave

import (
	"errors"
	"math/rand/v2"
	"testing"
)

// Odds say how chance makes schedules. Runs is required; with the rest zero, actors take turns of some three
// operations and none crashes.
type Odds struct {
	Runs    int     // schedules to try
	Seed    uint64  // the same seed tries the same schedules
	Switch  float64 // probability of a switch before an operation of the actor that moved last; 0: 0.3
	Crash   float64 // probability, at each step, that the actor that moved last crashes; 0: 0.05
	Crashes int     // at most so many actors crash in a schedule; 0: none, Unlimited: any number
}

func (o Odds) withDefaults() Odds {
	if o.Switch == 0 {
		o.Switch = 0.3
	}
	if o.Crash == 0 {
		o.Crash = 0.05
	}
	return o
}

var errNoRuns = errors.New("odds without a number of runs try nothing")

// Random runs the scene under schedules that chance makes, and fails the test with the first *Violation.
func Random(t *testing.T, o Odds, build Builder) Report {
	t.Helper()
	report, err := Sample(t, o, build)
	if err != nil {
		t.Fatal(err)
	}
	return report
}

// Sample is Random for scenes in which a violation is to be found: it returns the *Violation, and fails the test only
// if the scene does.
func Sample(t *testing.T, o Odds, build Builder) (Report, error) {
	if o.Runs <= 0 {
		return Report{}, errNoRuns
	}
	o = o.withDefaults()
	w := watch(stall, die)
	defer w.stop()
	var report Report
	for report.Schedules < o.Runs {
		dice := rand.New(rand.NewPCG(o.Seed, uint64(report.Schedules)))
		r, err := play(t, w, budget{Unlimited, o.Crashes}, build, func(p position) (int, error) {
			return o.pick(dice, p.options), nil
		})
		report.Schedules++
		report.Steps += len(r.trace.rows)
		if err != nil {
			return report, err
		}
	}
	return report, nil
}

// pick chooses the kind of move by the odds, and one of the kind evenly.
func (o Odds) pick(dice *rand.Rand, options []move) int {
	var stay, leave, crash []int
	for i, m := range options {
		switch {
		case m.crash:
			crash = append(crash, i)
		case m.preempts:
			leave = append(leave, i)
		default:
			stay = append(stay, i)
		}
	}
	switch {
	case len(crash) > 0 && dice.Float64() < o.Crash:
		return crash[dice.IntN(len(crash))]
	case len(leave) > 0 && dice.Float64() < o.Switch:
		return leave[dice.IntN(len(leave))]
	}
	return stay[dice.IntN(len(stay))]
}
