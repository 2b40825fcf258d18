package verify

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"github.com/heirloom-backup/heirloom/chunk"
	"github.com/heirloom-backup/heirloom/datastore"
	"github.com/heirloom-backup/heirloom/datastore/backend"
)

// run is one verification.
type run struct {
	store  *datastore.Store
	o      Options
	report *Report
	totals map[chunk.ID]total // of the tree nodes seen: what lies below each

	mu  sync.Mutex
	bad map[chunk.ID]finding // chunks that cannot be had
}

// total is what a node and all below it refer to.
type total struct {
	chunks int64 // nodes and contents
	bytes  int64 // of contents
}

// finding is what is wrong with a chunk.
type finding struct {
	reason datastore.Damage
	detail string
	tree   bool   // it is a tree node
	pack   string // that should hold it; "" if none does
}

// Progress is written by a run and may be read by anybody at any time; reading never holds the run up.
type Progress struct{ packs, packsDone, bytes atomic.Int64 }

// Counters is a moment of a run.
type Counters struct {
	Packs     int64 // to be read, as far as known
	PacksDone int64
	Bytes     int64 // of chunks checked
}

// Counters returns the figures so far.
func (p *Progress) Counters() Counters {
	return Counters{p.packs.Load(), p.packsDone.Load(), p.bytes.Load()}
}

// choose returns the snapshots to verify. Those whose manifests are damaged or gone have their result at once.
func (r *run) choose(ctx context.Context, state *datastore.State) ([]*datastore.Snapshot, error) {
	list := r.o.Snapshots
	if list == nil {
		var err error
		if list, err = r.all(ctx, state); err != nil {
			return nil, err
		}
	}
	now := r.store.Now()
	var chosen []*datastore.Snapshot
	for _, sn := range list {
		last, ok := state.Verified(sn)
		if ok && last.Outcome == datastore.OutcomeOK && r.o.OlderThan > 0 && now.Sub(last.Time) < r.o.OlderThan {
			r.report.Skipped++
			continue
		}
		chosen = append(chosen, sn)
	}
	return chosen, nil
}

func (r *run) all(ctx context.Context, state *datastore.State) ([]*datastore.Snapshot, error) {
	var list []*datastore.Snapshot
	present := map[string]bool{}
	damaged, unpromised := map[string]bool{}, map[string]bool{}
	for sn, err := range r.store.Snapshots(ctx, datastore.Filter{Unfinished: true}) {
		broken := (*datastore.ManifestError)(nil)
		if errors.As(err, &broken) {
			damaged[broken.Object] = true
			r.report.Damaged = append(r.report.Damaged, ObjectDamage{broken.Object, broken.Err.Error()})
			continue
		}
		if err != nil {
			return nil, err
		}
		if !sn.Promised {
			unpromised[sn.Address().String()] = true
			continue
		}
		present[sn.ID] = true
		list = append(list, sn)
	}
	vanished, err := r.vanished(ctx, state, present)
	if err != nil {
		return nil, err
	}
	for _, gone := range vanished {
		what := "manifest"
		if unpromised[gone.Address.String()] {
			what = "promise"
		}
		r.report.Results = append(r.report.Results, resultOf(gone, what, damaged[gone.Object]))
	}
	return list, nil
}

// vanished returns the snapshots that the ledger knew before the listing, and still knows after it. One that was removed
// while the snapshots were listed has its record by now; one that was committed meanwhile could not be listed.
func (r *run) vanished(ctx context.Context, before *datastore.State, present map[string]bool) ([]datastore.Vanished, error) {
	gone := before.Vanished(present)
	if len(gone) == 0 {
		return nil, nil
	}
	after, err := r.store.State(ctx)
	if err != nil {
		return nil, err
	}
	still := after.Vanished(present)
	return slices.DeleteFunc(gone, func(v datastore.Vanished) bool { return !slices.Contains(still, v) }), nil
}

// resultOf is the result of a snapshot that the ledger knows and that is not listed as a whole one any more.
func resultOf(v datastore.Vanished, what string, damaged bool) Result {
	res := Result{Address: v.Address, Outcome: datastore.OutcomeMissing}
	reason := "its " + what + " is gone, and nobody removed it: " + v.Object
	if damaged {
		res.Outcome, reason = datastore.OutcomeCorrupt, "its manifest is damaged: "+v.Object
	}
	res.Damage = []Damage{{Path: ".", Reason: reason}}
	return res
}

// readPacks checks every pack that a snapshot needs, all of it.
func (r *run) readPacks(ctx context.Context, packs map[string]bool) error {
	r.o.Progress.packs.Store(int64(len(packs)))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(r.o.Readers)
	for name := range packs {
		if ctx.Err() != nil {
			break
		}
		group.Go(func() error { return r.readPack(ctx, name) })
	}
	return group.Wait()
}

func (r *run) readPack(ctx context.Context, name string) error {
	rep, err := r.store.CheckPack(ctx, name)
	if err != nil {
		return err
	}
	r.o.Progress.packsDone.Add(1)
	r.o.Progress.bytes.Add(rep.Bytes)
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, c := range rep.Bad {
		r.bad[c.ID] = finding{c.Reason, fmt.Sprint(rep.Damage), rep.Trees, c.Pack}
	}
	// A pack that is gone was collected, or a snapshot that needs it says so.
	if rep.Damage != nil && !errors.Is(rep.Damage, backend.ErrNotFound) {
		r.report.Damaged = append(r.report.Damaged, ObjectDamage{rep.Object, rep.Damage.Error()})
	}
	return nil
}
