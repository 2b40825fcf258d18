package main

import (
	"github.com/heirloom-backup/heirloom/datastore"
	"github.com/heirloom-backup/heirloom/datastore/prune"
)

// pruneJSON is what scripts learn of a prune.
type pruneJSON struct {
	Simulated  bool                `json:"simulated"`
	Removed    []string            `json:"removed"` // addresses; of a simulation those that would go
	Kept       []string            `json:"kept"`
	Snapshots  []prunedJSON        `json:"snapshots"`
	BytesFreed *int64              `json:"bytes_freed,omitempty"` // by the next gc; of a simulation only
	Seconds    float64             `json:"seconds"`
	Warnings   []warningJSON       `json:"warnings"`
	Damaged    []damagedObjectJSON `json:"damaged"`        // manifests that cannot be read
	Plan       *prune.Plan         `json:"plan,omitempty"` // of a simulation: what prune --apply takes
}

// prunedJSON is what is decided of a snapshot.
type prunedJSON struct {
	Snapshot    string   `json:"snapshot"`
	Keep        bool     `json:"keep"`
	Reasons     []string `json:"reasons"`
	BytesSource int64    `json:"bytes_source"`
}

func newPruneJSON(r *pruneRun, warnings []datastore.Warning) pruneJSON {
	j := pruneJSON{Simulated: r.result == nil, Removed: []string{}, Kept: []string{}, Snapshots: []prunedJSON{},
		Seconds: r.elapsed.Seconds(), Warnings: warningsJSON(warnings), Damaged: []damagedObjectJSON{}}
	left := r.left()
	for i := range r.plan.Series {
		for _, d := range r.plan.Series[i].Decisions {
			j.Snapshots = append(j.Snapshots, prunedJSON{shown(d.Snapshot), d.Keep, d.Reasons, d.BytesSource})
			if d.Keep || left[d.Snapshot] {
				j.Kept = append(j.Kept, shown(d.Snapshot))
			} else {
				j.Removed = append(j.Removed, shown(d.Snapshot))
			}
		}
	}
	for _, problem := range r.plan.Problems {
		j.Damaged = append(j.Damaged, damagedObjectJSON{problem.Object, escape(problem.Error)})
	}
	if r.result == nil {
		j.BytesFreed, j.Plan = &r.foreseen.BytesFreed, r.plan
	}
	return j
}

// shown returns an address in a plan as all documents write it.
func shown(address string) string {
	a, err := datastore.ParseAddress(address)
	if err != nil {
		return escape(address) // cannot be: plans are checked
	}
	return addressText(a)
}
