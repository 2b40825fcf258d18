package interleave

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"testing"

	"github.com/heirloom-backup/heirloom/datastore/backend"
)

// ErrCrashed is the outcome of an actor that crashed, and what its operations return from then on.
var ErrCrashed = errors.New("the actor crashed")

// Scene is a storage, those who use it, and what must be true of it. It is used up by one schedule.
type Scene struct {
	// Storage is what the actors share. Its methods must not wait for anything.
	Storage backend.Backend

	// Actors act on Storage, and on nothing else they share.
	Actors []Actor

	// Unscheduled names operations that happen as soon as they are asked for, because their order cannot matter: reads
	// of what no actor ever stores or deletes. Each one saves the search a step for every actor. Nil: none.
	Unscheduled func(Operation) bool

	// Step is called after each operation, before its caller learns of the outcome, and returns an error if the storage
	// is in a state that must not be. It may read Storage and change nothing. Nil: every state is fine.
	Step func(Operation) error

	// Check is called when all actors have ended, with what each returned; for one that crashed that is ErrCrashed.
	// Nil: each must have returned nil or crashed.
	Check func(outcomes map[string]error) error
}

// A Builder makes a scene for one schedule. It is called inside the schedule's bubble, and t is the bubble's: cleanups
// run in the bubble when the schedule has ended, and a failure of t counts as a violation.
type Builder func(t *testing.T) Scene

// Actor is one program.
type Actor struct {
	Name string // unique in the scene, of letters, digits, "-" and "_"

	// Run is the program. The context ends when the actor crashes or the schedule is given up; Run must then return,
	// without waiting for anything but the backend and time. The goroutines it starts end before it does.
	Run func(ctx context.Context, b backend.Backend) error
}

// Operation is one operation of an actor on the storage.
type Operation struct {
	Actor string
	Kind  backend.Kind
	Name  string // the object, or the prefix of a listing
	Err   error  // nil until it has happened, and if it succeeded
}

var actorName = regexp.MustCompile(`^[A-Za-z0-9_-]+$`)

func (s *Scene) validate() error {
	if s.Storage == nil || len(s.Actors) == 0 {
		return errors.New("a scene needs a storage and an actor")
	}
	seen := map[string]bool{}
	for _, a := range s.Actors {
		if !actorName.MatchString(a.Name) || seen[a.Name] || a.Run == nil {
			return fmt.Errorf("actor %q: the name must be unique, of letters, digits, - and _, and have a Run", a.Name)
		}
		seen[a.Name] = true
	}
	return nil
}

func (s *Scene) check(outcomes map[string]error) error {
	if s.Check != nil {
		return s.Check(outcomes)
	}
	for _, a := range s.Actors {
		if err := outcomes[a.Name]; err != nil && !errors.Is(err, ErrCrashed) {
			return fmt.Errorf("%s failed: %w", a.Name, err)
		}
	}
	return nil
}
