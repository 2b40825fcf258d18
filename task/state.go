package task

import (
	"errors"
	"fmt"
	"slices"
)

// State is how far a task has come.
type State string

// The states. The last four are final: what is in one of them stays in it.
const (
	Queued    State = "queued"    // waits for its turn
	Running   State = "running"   // is being done
	OK        State = "ok"        // done, all of it
	Warning   State = "warning"   // done, but something was skipped or is odd: the record lists what
	Failed    State = "failed"    // not done: the record has the error
	Cancelled State = "cancelled" // not done, because somebody asked to stop
)

// States returns all states, in the order in which a task can come to them.
func States() []State { return []State{Queued, Running, OK, Warning, Failed, Cancelled} }

// FinalStates returns the states that a task does not leave.
func FinalStates() []State { return []State{OK, Warning, Failed, Cancelled} }

// transitions lists where a task can go from each state. From running back to queued it goes when it is to be tried
// again: after a failure that may pass, or after its process died.
var transitions = map[State][]State{
	"":        {Queued},
	Queued:    {Running, Cancelled, Failed},
	Running:   {OK, Warning, Failed, Cancelled, Queued},
	OK:        {},
	Warning:   {},
	Failed:    {},
	Cancelled: {},
}

// Valid tells whether s is one of the states.
func (s State) Valid() bool { return s != "" && transitions[s] != nil }

// Final tells whether a task stays in s for good.
func (s State) Final() bool { return s.Valid() && len(transitions[s]) == 0 }

// CanBecome tells whether a task may go from s to next. The state before a task is made is "".
func (s State) CanBecome(next State) bool { return slices.Contains(transitions[s], next) }

// ErrTransition says that a task cannot go from the state it is in to the one that was asked for.
var ErrTransition = errors.New("no such change of state")

// CheckTransition returns ErrTransition, with both states named, unless a task may go from one to the other.
func CheckTransition(from, to State) error {
	if from.CanBecome(to) {
		return nil
	}
	return fmt.Errorf("%w: from %q to %q", ErrTransition, from, to)
}

// ParseState reads the name of a state.
func ParseState(text string) (State, error) {
	if s := State(text); s.Valid() {
		return s, nil
	}
	return "", fmt.Errorf("state %q is none of %s", shorten(text), stateNames())
}

func stateNames() string {
	var names string
	for i, s := range States() {
		if i > 0 {
			names += ", "
		}
		names += string(s)
	}
	return names
}
