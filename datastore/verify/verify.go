// Package verify reads a store again and says, snapshot by snapshot, whether every byte of it is what was saved.
//
// It uses what a store exports, and nothing else. A result is about bytes that were read: storage that cannot be asked
// is an error, and never CORRUPT or MISSING.
package verify

import (
	"context"
	"fmt"
	"time"

	"github.com/heirloom-backup/heirloom/chunk"
	"github.com/heirloom-backup/heirloom/datastore"
)

// Options say what is verified. The zero value verifies every snapshot.
type Options struct {
	Snapshots []*datastore.Snapshot // nil: all of the store, and all of its other objects, too
	OlderThan time.Duration         // skip what was verified with result OK within this time; 0: skip nothing
	Job       string                // recorded with the results
	Readers   int                   // packs read at the same time; 0: 4
	NoRecord  bool                  // leave the results out of the ledger, as on a read-only store
	Progress  *Progress             // nil: nobody looks
}

// Report is what a run found.
type Report struct {
	Results []Result            // of each snapshot that was verified
	Skipped int64               // snapshots left out because of OlderThan
	Damaged []ObjectDamage      // objects that are damaged though perhaps no snapshot is: what they say is kept twice
	Notes   []datastore.Warning // what kept the run from recording its results
}

// Clean says whether nothing was damaged.
func (r *Report) Clean() bool {
	for _, res := range r.Results {
		if res.Outcome != datastore.OutcomeOK {
			return false
		}
	}
	return len(r.Damaged) == 0
}

// Result is what was found of one snapshot.
type Result struct {
	Snapshot *datastore.Snapshot // nil if its manifest is gone or damaged
	Address  datastore.Address
	Outcome  datastore.Outcome
	Chunks   int64         // content and tree chunks, counted as often as the snapshot refers to them
	Bytes    int64         // of content, likewise
	Duration time.Duration // its share of the run
	Damage   []Damage
}

// Damage is a part of a snapshot that cannot be restored.
type Damage struct {
	Path   string // within the snapshot, raw bytes; "." is its root
	Offset int64  // bytes; 0 for a folder
	Length int64  // bytes; 0 for a folder
	Chunk  chunk.ID
	Reason string
}

// ObjectDamage is an object of the store that is not what was written.
type ObjectDamage struct {
	Object string
	Reason string
}

// Run verifies snapshots of a store and records the results in its ledger.
func Run(ctx context.Context, store *datastore.Store, o Options) (*Report, error) {
	if o.Readers <= 0 {
		o.Readers = 4
	}
	if o.Progress == nil {
		o.Progress = &Progress{}
	}
	r := &run{store: store, o: o, report: &Report{}, totals: map[chunk.ID]total{}, bad: map[chunk.ID]finding{}}
	if err := r.verify(ctx); err != nil {
		return nil, fmt.Errorf("verify: %w", err)
	}
	return r.report, nil
}

func (r *run) verify(ctx context.Context) error {
	started := r.store.Now()
	state, err := r.store.State(ctx)
	if err != nil {
		return err
	}
	snapshots, err := r.choose(ctx, state)
	if err != nil {
		return err
	}
	if err := r.read(ctx, snapshots); err != nil {
		return err
	}
	for _, sn := range snapshots {
		if err := r.judge(ctx, sn); err != nil {
			return err
		}
	}
	r.share(r.store.Now().Sub(started))
	r.record(ctx)
	return nil
}

// read finds every chunk that cannot be had.
func (r *run) read(ctx context.Context, snapshots []*datastore.Snapshot) error {
	packs := map[string]bool{}
	for _, sn := range snapshots {
		if _, err := r.survey(ctx, sn.Root, packs); err != nil {
			return err
		}
	}
	if r.o.Snapshots == nil && r.o.OlderThan == 0 {
		if err := r.everything(ctx, packs); err != nil {
			return err
		}
	}
	if err := r.readPacks(ctx, packs); err != nil {
		return err
	}
	return r.confirm(ctx)
}

// everything adds what no snapshot needs: the packs that a later backup could rely on, and the store's other objects.
func (r *run) everything(ctx context.Context, packs map[string]bool) error {
	names, err := r.store.Packs(ctx)
	if err != nil {
		return err
	}
	for _, name := range names {
		packs[name] = true
	}
	known := map[string]bool{}
	for _, d := range r.report.Damaged {
		known[d.Object] = true
	}
	objects, err := r.store.CheckObjects(ctx)
	if err != nil {
		return err
	}
	for name, problem := range objects {
		if !known[name] {
			r.report.Damaged = append(r.report.Damaged, ObjectDamage{name, problem.Error()})
		}
	}
	return nil
}
