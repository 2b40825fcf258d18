package interleave

import (
	"fmt"
	"runtime"
	"slices"
	"testing/synctest"
	"time"
)

// patience is how much fake time may pass without an operation before a scene counts as stuck.
const patience = 24 * time.Hour

func (r *run) deserted() bool {
	return !slices.ContainsFunc(r.actors, func(a *actor) bool { return !a.gone() })
}

func (r *run) outcomes() map[string]error {
	m := map[string]error{}
	for _, a := range r.actors {
		m[a.Name], _ = a.result()
	}
	return m
}

// passTime lets fake time pass up to the next operation or the next actor's end.
func (r *run) passTime() error {
	select {
	case <-r.wake: // of what has been dealt with
	default:
	}
	timer := time.NewTimer(patience)
	defer timer.Stop()
	select {
	case <-r.wake:
		return nil
	case <-timer.C:
		return r.violation(fmt.Errorf("stuck: %v wait for something that is neither the storage nor time", r.present()))
	}
}

func (r *run) present() (names []string) {
	for _, a := range r.actors {
		if !a.gone() {
			names = append(names, a.Name)
		}
	}
	return names
}

// unwind ends all actors, wherever they are. One that does not end could never be removed: the process must.
func (r *run) unwind() {
	for _, a := range r.actors {
		a.stop(errOver)
	}
	for synctest.Wait(); !r.deserted(); synctest.Wait() {
		if err := r.passTime(); err != nil {
			stacks := make([]byte, 1<<20)
			panic(fmt.Sprintf("cannot end a schedule: %v\n\n%s", err, stacks[:runtime.Stack(stacks, true)]))
		}
	}
}
