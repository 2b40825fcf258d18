package backendtest

import (
	"context"
	"math/rand/v2"

	"github.com/heirloom-backup/heirloom/datastore/backend"
)

// Every is the nth of a fault that strikes each matching call.
const Every = 0

// fault strikes some of the calls that match it, by putting a wrapper around the backend that answers.
type fault struct {
	kind    backend.Kind
	prefix  string
	strikes func() bool // asked once for each matching call
	wrap    func(backend.Backend) backend.Backend
}

// Fail makes the nth matching call from now fail with err before anything happens. As in all faults, a call matches if
// it is of the kind and its name begins with prefix (a listing's name is its prefix), nth counts matching calls from 1
// on, Every strikes each of them, and a nil err means ErrInjected.
func (f *Faulty) Fail(kind backend.Kind, prefix string, nth int, err error) {
	f.add(kind, prefix, nth, func(backend.Backend) backend.Backend { return failing(err) })
}

// FailAfter makes the nth matching call do its work and then fail with err: the answer was lost. A listing yields
// everything before the error.
func (f *Faulty) FailAfter(kind backend.Kind, prefix string, nth int, err error) {
	f.add(kind, prefix, nth, func(b backend.Backend) backend.Backend { return lost(b, err) })
}

// Tear makes the nth matching put store only the first keep bytes under the name, which no honest backend does, and
// return err. Here a nil err means that the put claims success.
func (f *Faulty) Tear(prefix string, nth, keep int, err error) {
	f.add(Put, prefix, nth, func(b backend.Backend) backend.Backend { return torn{b, keep, err} })
}

// Corrupt makes the nth matching get return the byte at offset of the object inverted, if its range covers it.
func (f *Faulty) Corrupt(prefix string, nth int, offset int64) {
	f.add(Get, prefix, nth, func(b backend.Backend) backend.Backend { return corrupt{b, offset} })
}

// Cut makes the nth matching listing end after count objects with err. Here a nil err means that it ends as if it were
// complete, which is what a lying backend does.
func (f *Faulty) Cut(prefix string, nth, count int, err error) {
	f.add(List, prefix, nth, func(b backend.Backend) backend.Backend { return cut{b, count, err} })
}

// Hold makes the nth matching call wait, before anything happens, until the gate is released or its context ends.
func (f *Faulty) Hold(kind backend.Kind, prefix string, nth int) *Gate {
	gate := newGate()
	f.add(kind, prefix, nth, func(b backend.Backend) backend.Backend { return guarded{Backend: b, before: gate.pass} })
	return gate
}

// Random makes each call fail with probability p, as often before anything happens as after. The same seed gives the
// same faults for the same order of calls.
func (f *Faulty) Random(seed uint64, p float64, err error) {
	dice := rand.New(rand.NewPCG(seed, 0)) // used under f.mu only
	f.addFault(&fault{
		kind:    Any,
		strikes: func() bool { return dice.Float64() < p },
		wrap: func(b backend.Backend) backend.Backend {
			if dice.IntN(2) == 0 {
				return failing(err)
			}
			return lost(b, err)
		},
	})
}

// Freeze makes listings show the objects below prefix as they are now, until thaw is called: the storage is only
// eventually consistent. Reading, and listing other prefixes, goes on as before.
func (f *Faulty) Freeze(ctx context.Context, prefix string) (thaw func(), err error) {
	var then []backend.Info
	for info, err := range f.inner.List(ctx, prefix) {
		if err != nil {
			return nil, err
		}
		then = append(then, info)
	}
	return f.addFault(&fault{
		kind:    List,
		strikes: func() bool { return true },
		wrap:    func(b backend.Backend) backend.Backend { return frozen{b, prefix, then} },
	}), nil
}

// Heal removes all faults. Hooks stay, and so does a crash: the next process uses New with the backend inside.
func (f *Faulty) Heal() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.faults = nil
}
