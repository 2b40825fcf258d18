package interleave

import (
	"errors"
	"testing"
	"testing/cryptotest"
	"testing/synctest"
)

// position is where a run stands when it is to choose: the menu is not empty.
type position struct {
	*run
	options []move
}

// chooser picks one of the options by its index. An error gives the run up.
type chooser func(position) (int, error)

// errCut gives up a run that would show nothing new.
var errCut = errors.New("the rest of this schedule is known")

// run is one schedule of a scene.
type run struct {
	t      *testing.T // the bubble's
	scene  Scene
	actors []*actor
	wake   chan struct{}
	state  *state
	turn   int // index of the actor that moved last, -1: of nobody
	left   budget
	trace  trace
	final  digest // the state in the end
	watch  *watchdog
}

// play runs one schedule in a bubble of its own. The error is a *Violation, errCut, or the chooser's.
func play(t *testing.T, w *watchdog, left budget, build Builder, choose chooser) (r *run, err error) {
	synctest.Test(t, func(t *testing.T) {
		cryptotest.SetGlobalRandom(t, 1)
		r = &run{t: t, wake: make(chan struct{}, 1), turn: -1, left: left, watch: w}
		returned := false
		defer func() {
			if !returned || t.Failed() {
				t.Log(r.violation(errors.New("the scene has failed its test")))
			}
		}()
		err = r.play(build, choose)
		returned = true
	})
	return r, err
}

func (r *run) play(build Builder, choose chooser) error {
	r.scene = build(r.t)
	if err := r.scene.validate(); err != nil {
		return err
	}
	var err error
	if r.state, err = newState(r.scene.Storage); err != nil {
		return err
	}
	defer r.unwind()
	r.start()
	if err := r.loop(choose); err != nil {
		return err
	}
	r.final = r.state.digest(r.actors)
	if err := r.scene.check(r.outcomes()); err != nil {
		return r.violation(err)
	}
	return nil
}

// start brings each actor to its first operation, one after the other, so that what they draw from crypto/rand on the
// way is the same each time.
func (r *run) start() {
	for i, program := range r.scene.Actors {
		a := &actor{Actor: program, index: i, wake: r.wake, fresh: true}
		r.actors = append(r.actors, a)
		a.start(r.t.Context())
		r.wait()
	}
}

// wait returns when every goroutine in the bubble waits for the scheduler or for time.
func (r *run) wait() {
	r.watch.step(r.trace.moves)
	synctest.Wait()
}

// loop makes moves until all actors are gone. What needs no choice comes first, and time passes last.
func (r *run) loop(choose chooser) error {
	for {
		r.wait()
		if err := r.flaw(); err != nil {
			return r.violation(err)
		}
		var err error
		if a, c := r.unscheduled(); c != nil {
			err = r.perform(a, c)
		} else if options := r.menu(); len(options) > 0 {
			err = r.move(options, choose)
		} else if r.deserted() {
			return nil
		} else {
			err = r.passTime()
		}
		if err != nil {
			return err
		}
	}
}

// flaw returns what has gone wrong outside of the oracles.
func (r *run) flaw() error {
	for _, a := range r.actors {
		if _, panicked := a.result(); panicked != nil {
			return panicked
		}
	}
	if r.t.Failed() {
		return errors.New("the scene has failed its test")
	}
	return nil
}

func (r *run) violation(err error) *Violation {
	return &Violation{Err: err, Schedule: r.trace.moves.String(), Trace: r.trace.table(r.state)}
}
