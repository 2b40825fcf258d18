package prune

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"time"

	"github.com/heirloom-backup/heirloom/datastore"
	"github.com/heirloom-backup/heirloom/retention"
)

// ErrKeepsEverything says that a policy has no window: whoever prunes with it has forgotten something.
var ErrKeepsEverything = errors.New("the policy keeps everything: it says nothing about what may go")

// Options say what a plan is about.
type Options struct {
	Policy retention.Policy

	// Zone is whose wall clock the policy's periods follow; nil means UTC. It must be one that time.LoadLocation knows
	// by name, because a plan records the name. "Local" is the zone of whatever machine the plan is applied on.
	Zone *time.Location

	// Filter chooses the series. Unfinished snapshots are part of them, whatever it says of these.
	Filter datastore.Filter
}

// Version is the version of a plan's JSON form.
const Version = 1

// Plan says for each snapshot of the chosen series whether it stays, and why. It may be kept as JSON: Decode reads it.
type Plan struct {
	Version  int              `json:"version"`
	Store    string           `json:"store"` // the store's id
	Made     time.Time        `json:"made"`
	Policy   retention.Policy `json:"policy"` // as text: "keep-daily=7"
	Zone     string           `json:"zone"`
	Scope    Scope            `json:"scope"`
	Series   []Series         `json:"series"` // sorted by group and job
	Problems []Problem        `json:"problems,omitempty"`
}

// Problem is a manifest that cannot be read, or that is gone. Its snapshot is never removed and takes no slot; which job
// made it nobody can tell.
type Problem struct {
	Object string `json:"object"`
	Error  string `json:"error"`
}

// Make plans a prune of the store as it is now. It changes nothing. It fails with ErrKeepsEverything if the policy has
// no window. Manifests that cannot be read, or are gone, are the plan's Problems and no error.
func Make(ctx context.Context, store *datastore.Store, o Options) (*Plan, error) {
	p, _, err := makePlan(ctx, store, o)
	if err != nil {
		return nil, fmt.Errorf("plan prune: %w", err)
	}
	return p, nil
}

// makePlan returns, beside the plan, the survey it was made from.
func makePlan(ctx context.Context, store *datastore.Store, o Options) (*Plan, *survey, error) {
	if o.Policy.KeepsEverything() {
		return nil, nil, ErrKeepsEverything
	}
	zone, err := recordable(o.Zone, store.Now())
	if err != nil {
		return nil, nil, err
	}
	found, err := look(ctx, store, o.Filter)
	if err != nil {
		return nil, nil, err
	}
	p := &Plan{Version: Version, Store: store.ID(), Made: found.now, Policy: o.Policy, Zone: zone.String(),
		Scope: scopeOf(o.Filter), Series: found.decide(o.Filter.Job, o.Policy, zone), Problems: found.problems}
	return p, found, nil
}

// recordable returns the zone as its name says, for a plan holds no more than that.
func recordable(zone *time.Location, now time.Time) (*time.Location, error) {
	if zone == nil {
		return time.UTC, nil
	}
	named, err := time.LoadLocation(zone.String())
	if err != nil {
		return nil, fmt.Errorf("a plan records its zone by name: %w", err)
	}
	_, want := now.In(zone).Zone()
	if _, got := now.In(named).Zone(); got != want {
		return nil, fmt.Errorf("a plan records its zone by name, and %q is the name of another one", zone)
	}
	return named, nil
}

// Removals yields the snapshots that go, series by series, newest first.
func (p *Plan) Removals() iter.Seq[Decision] {
	return func(yield func(Decision) bool) {
		for d := range p.decisions() {
			if !d.Keep && !yield(d) {
				return
			}
		}
	}
}

func (p *Plan) decisions() iter.Seq[Decision] {
	return func(yield func(Decision) bool) {
		for _, s := range p.Series {
			for _, d := range s.Decisions {
				if !yield(d) {
					return
				}
			}
		}
	}
}

// Counts returns how many snapshots stay and how many go.
func (p *Plan) Counts() (kept, removed int) {
	for i := range p.Series {
		k, r := p.Series[i].Counts()
		kept, removed = kept+k, removed+r
	}
	return kept, removed
}

// Share returns how many percent of the snapshots go; 0 if there are none.
func (p *Plan) Share() float64 { return percent(p.Counts()) }
