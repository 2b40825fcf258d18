package datastore

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// CollectOptions say how a collection goes about it. The zero value is good for most.
type CollectOptions struct {
	// Plan is carried out instead of one that is made now. It must be of this store, as it is: else the error is
	// ErrOtherStore or ErrStalePlan.
	Plan *CollectionPlan

	// MinDead is the share of a pack, in whole frames that nothing needs, from which on what else it holds is copied so
	// that it can go. 0: DefaultMinDead; above 1: never.
	MinDead float64

	// FenceAfter is how long a writer must have shown no sign of life before its session is taken for dead, as far as
	// this store and its cache saw. 0: DefaultFenceAfter. A writer that lives all the same loses time and nothing else.
	FenceAfter time.Duration

	// FenceAll takes all sessions for dead. It is for whoever knows that no backup runs.
	FenceAll bool

	// Probed says that the backend was probed and found fit; otherwise that is done first.
	Probed bool
}

// Defaults of CollectOptions.
const (
	DefaultMinDead    = 0.2
	DefaultFenceAfter = 15 * time.Minute
)

func (o CollectOptions) withDefaults() CollectOptions {
	if o.MinDead == 0 {
		o.MinDead = DefaultMinDead
	}
	if o.FenceAfter == 0 {
		o.FenceAfter = DefaultFenceAfter
	}
	return o
}

// Collection is what a collection did. Sizes are bytes.
type Collection struct {
	PacksRemoved  int64
	ChunksRemoved int64 // that are not in the store any more; copies of others do not count
	BytesRemoved  int64 // of packs removed
	BytesCopied   int64 // of packs written, for what removed ones held and is needed
	BytesPending  int64 // of packs that will go in a later run

	Waiting []Waiting // sessions for which packs wait to be removed
	Fenced  []string  // sessions taken for dead
	Damaged []ChunkState
	Stuck   []string // condemned packs that stay: they are damaged, or nobody knows what is in them
	Notes   []string // what else somebody should know
}

// BytesFreed returns by how much the packs have become smaller.
func (c *Collection) BytesFreed() int64 { return c.BytesRemoved - c.BytesCopied }

// Waiting is a session that was open when packs were condemned, and still is.
type Waiting struct {
	Session string
	Started time.Time // zero if it cannot be read
	Host    string
}

// Collect frees the space of chunks that no snapshot needs. Backups, restores, verifications and other collections may
// go on meanwhile, in this process and in others; nobody waits for anybody. docs/collection.md says why nothing is lost.
//
// It refuses, and deletes nothing, where it cannot tell what is needed: a snapshot that cannot be read, one that has
// vanished (*VanishedError), listings that are not complete (ErrListing), a backend unfit for it (backend.ErrUnfit). A
// run that ends early, for whatever reason, leaves nothing to repair.
func (s *Store) Collect(ctx context.Context, o CollectOptions) (*Collection, error) {
	c := newCollector(s, o)
	if err := c.run(ctx); err != nil {
		return nil, fmt.Errorf("collect: %w", err)
	}
	return &c.report, nil
}

// PlanCollection says what a collection would do now if the given snapshots were removed. It changes nothing.
func (s *Store) PlanCollection(ctx context.Context, o CollectOptions, without ...*Snapshot) (*CollectionPlan, error) {
	var errs error
	for range maxPlans {
		c := newCollector(s, o)
		for _, sn := range without {
			c.without[sn.ID] = true
		}
		plan, err := c.foresee(ctx)
		if err == nil {
			return plan, nil
		}
		if errs = err; !errors.Is(err, errMoved) {
			break
		}
	}
	return nil, fmt.Errorf("plan collection: %w", errs)
}

// maxPlans is how often a plan is made anew when another collection deletes what it is about.
const maxPlans = 10
