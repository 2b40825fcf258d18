package backend

import (
	"context"
	"errors"
	"fmt"
)

// ProbeOptions of Probe. The zero value asks a few dozen questions.
type ProbeOptions struct {
	Objects  int // put to be listed; 0 means 16. Services that list in pages of 1000 show their seams with 1100
	Parallel int // calls at a time at most; 0 means 16

	// Shallow leaves out the listing of the whole storage.
	Shallow bool
}

func (o ProbeOptions) withDefaults() ProbeOptions {
	if o.Objects <= 0 {
		o.Objects = 16
	}
	if o.Parallel <= 0 {
		o.Parallel = 16
	}
	return o
}

// Probe asks a storage whether it does what a store needs, collection above all: it puts small objects below
// "probe/", reads, lists and deletes them, and removes all of them again, also when it fails or ctx ends. It may
// run while the store is in use. It lists the whole storage once, until it has seen its own objects, unless it is Shallow.
//
// A probe can refute consistency, not prove it: a storage that is late once in a thousand times, or only for readers
// elsewhere, passes. Several hosts on one network folder are such a case.
//
// An error of Probe means that the storage could not be asked, for one because it is read-only (ErrReadOnly), or that
// objects of the probe are still there. It says nothing about fitness.
func Probe(ctx context.Context, b Backend, o ProbeOptions) (*Fitness, error) {
	p := newProber(b, o.withDefaults())
	fitness, err := p.ask(ctx)
	if err = errors.Join(err, p.clean(ctx)); err != nil {
		return nil, fmt.Errorf("probe storage as %s*: %w", p.prefix, err)
	}
	return fitness, nil
}
