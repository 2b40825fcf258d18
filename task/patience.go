package task

import (
	"fmt"
	"time"
)

// storeRest is how long a runner lets a store be that has failed.
const storeRest = time.Second

// insist makes a record durable, and tries for a while if the store refuses it.
func (r *Runner) insist(t *Task, next Record) error {
	waits := t.state() == Queued
	if waits && next.State == Queued {
		return nil // that is what the store says
	}
	ends := r.patienceEnds(waits)
	for {
		began := time.Now()
		err := t.move(next)
		if err == nil {
			r.prolongPatience(time.Since(began))
			return nil
		}
		r.troubled(fmt.Errorf("record that %s is %s: %w", t.id, next.State, err))
		left := time.Until(ends)
		if left <= 0 || isClosed(r.hurry) {
			return err
		}
		rest(r.hurry, min(left, storeRest))
	}
}

// patienceEnds returns until when the runner tries to record what follows for a task. Those that wait when it is being
// closed share one patience: they end one after the other, and a hundred thousand may wait.
func (r *Runner) patienceEnds(waits bool) time.Time {
	r.mu.Lock()
	defer r.mu.Unlock()
	if waits && r.closing {
		return r.patient
	}
	return time.Now().Add(r.o.Patience)
}

// prolongPatience adds what the store took for a change that it made: only what is in vain uses the common patience up.
func (r *Runner) prolongPatience(took time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.patient = r.patient.Add(took)
}
