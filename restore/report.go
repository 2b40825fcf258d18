package restore

import (
	"cmp"
	"fmt"
	"slices"
	"sync"

	"github.com/heirloom-backup/heirloom/datastore"
)

// report collects what a restore has to say in the end. It is safe for concurrent use.
type report struct {
	mu      sync.Mutex
	result  Result
	tallies []tally
}

// tally is one reason that many entries may share, and is said once.
type tally struct {
	reason string
	first  string // path, in byte order: entries finish in any
	count  int64
}

func (r *report) warn(path string, reason string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.add(datastore.Warning{Path: path, Reason: reason})
}

func (r *report) add(w datastore.Warning) {
	r.result.WarningCount++
	if len(r.result.Warnings) < MaxListed {
		r.result.Warnings = append(r.result.Warnings, w)
	}
}

// tally counts a reason that is a constant of this package; result lists it once.
func (r *report) tally(path string, reason string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for i := range r.tallies {
		if r.tallies[i].reason == reason {
			r.tallies[i].count++
			r.tallies[i].first = min(r.tallies[i].first, path)
			return
		}
	}
	r.tallies = append(r.tallies, tally{reason: reason, first: path, count: 1})
}

// damage lists d.
func (r *report) damage(d Damage) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.result.DamageCount++
	if len(r.result.Damage) < MaxListed {
		r.result.Damage = append(r.result.Damage, d)
	}
}

// finish returns the result with the counters of p.
func (r *report) finish(p *Progress) *Result {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, t := range r.tallies {
		if t.count > 1 {
			t.reason = fmt.Sprintf("%s; %d more like it", t.reason, t.count-1)
		}
		r.add(datastore.Warning{Path: t.first, Reason: t.reason})
	}
	r.tallies = nil
	slices.SortStableFunc(r.result.Damage, compareDamage)
	r.result.Counters = p.Counters()
	return &r.result
}

func compareDamage(a, b Damage) int {
	return cmp.Or(cmp.Compare(a.Path, b.Path), cmp.Compare(a.Offset, b.Offset))
}
