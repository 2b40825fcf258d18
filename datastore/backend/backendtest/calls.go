package backendtest

import (
	"slices"
	"strings"

	"github.com/heirloom-backup/heirloom/datastore/backend"
)

// Call is one operation as the backend was asked for it.
type Call struct {
	Kind backend.Kind
	Name string // the object, or the prefix of a listing
}

// matches reports whether the call is of this kind and its name begins with prefix.
func (c Call) matches(kind backend.Kind, prefix string) bool {
	switch kind {
	case c.Kind, Any:
	case Write:
		if c.Kind != Put && c.Kind != Delete {
			return false
		}
	default:
		return false
	}
	return strings.HasPrefix(c.Name, prefix)
}

// Calls returns all calls so far in the order they began, those that failed included, those after a crash not.
func (f *Faulty) Calls() []Call {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.calls)
}

// Count returns how many calls of a kind there were so far on names that begin with prefix.
func (f *Faulty) Count(kind backend.Kind, prefix string) int {
	n := 0
	for _, c := range f.Calls() {
		if c.matches(kind, prefix) {
			n++
		}
	}
	return n
}

// Before sets a function that is called before each operation, in its goroutine and without any lock held: it can let
// another actor take a step at this point, add faults, or Crash so that the operation does not happen. An operation on
// the Faulty itself would call it again; hooks use the backend inside. Nil removes it.
func (f *Faulty) Before(hook func(Call)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.before = hook
}

// After sets a function that is called after each operation, whatever came of it: for Get when its reader is there, for
// List when its loop ends. If it calls Crash the operation has happened, and its caller gets ErrCrashed.
func (f *Faulty) After(hook func(Call)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.after = hook
}

func (f *Faulty) begin(c Call) {
	f.mu.Lock()
	f.calls = append(f.calls, c)
	hook := f.before
	f.mu.Unlock()
	if hook != nil {
		hook(c)
	}
}

func (f *Faulty) end(c Call) error {
	f.mu.Lock()
	hook := f.after
	f.mu.Unlock()
	if hook != nil {
		hook(c)
	}
	return f.alive()
}
