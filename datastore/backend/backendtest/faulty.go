package backendtest

import (
	"context"
	"errors"
	"io"
	"iter"
	"sync"

	"github.com/heirloom-backup/heirloom/datastore/backend"
)

// Kinds of operations that a fault can wait for.
const (
	Put    = backend.KindPut
	Get    = backend.KindGet
	List   = backend.KindList
	Delete = backend.KindDelete

	Any   backend.Kind = "any"   // all four
	Write backend.Kind = "write" // Put and Delete
)

// Errors that faults cause.
var (
	ErrInjected = errors.New("injected fault")                 // wherever a fault is given no error of its own
	ErrCrashed  = errors.New("the process crashed (injected)") // of the operation it crashed in and all later ones
)

// Faulty is a backend that fails by script and otherwise passes everything on. Faults are added before or during a
// test and stay until Heal. It is safe for concurrent use; New makes one.
type Faulty struct {
	inner backend.Backend

	mu            sync.Mutex
	faults        []*fault
	calls         []Call
	before, after func(Call)
	crashed       bool
}

// New returns inner without any faults yet.
func New(inner backend.Backend) *Faulty { return &Faulty{inner: inner} }

// Unwrap implements backend.Wrapper.
func (f *Faulty) Unwrap() backend.Backend { return f.inner }

// Put implements backend.Backend.
func (f *Faulty) Put(ctx context.Context, name string, data []byte) error {
	return f.during(Call{Put, name}).Put(ctx, name, data)
}

// Delete implements backend.Backend.
func (f *Faulty) Delete(ctx context.Context, name string) error {
	return f.during(Call{Delete, name}).Delete(ctx, name)
}

// Get implements backend.Backend. Its reader stops working when the process crashes.
func (f *Faulty) Get(ctx context.Context, name string, offset, length int64) (io.ReadCloser, error) {
	r, err := f.during(Call{Get, name}).Get(ctx, name, offset, length)
	if err != nil {
		return nil, err
	}
	return crashingReader{r, f}, nil
}

// List implements backend.Backend. The call is noted, and faults strike, when a loop over it begins.
func (f *Faulty) List(ctx context.Context, prefix string) iter.Seq2[backend.Info, error] {
	return func(yield func(backend.Info, error) bool) {
		for info, err := range f.during(Call{List, prefix}).List(ctx, prefix) {
			if crashed := f.alive(); crashed != nil {
				yield(backend.Info{}, crashed)
				return
			}
			if !yield(info, err) {
				return
			}
		}
	}
}

// during returns the backend that answers one call: the real one inside all faults that strike this call.
func (f *Faulty) during(c Call) backend.Backend {
	if err := f.alive(); err != nil {
		return failing(err)
	}
	f.begin(c)
	if err := f.alive(); err != nil { // the hook crashed it
		return failing(err)
	}
	return guarded{Backend: f.strike(c), after: func() error { return f.end(c) }}
}
