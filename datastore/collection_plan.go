package datastore

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"time"
)

// CollectionPlan says which packs a collection would condemn and why, and what would come of it. It can be printed, kept
// as JSON, and carried out later as long as the store has not changed. Sizes are bytes.
type CollectionPlan struct {
	Store string          `json:"store"` // the store's id
	State string          `json:"state"` // digest of the snapshots it was made for
	Made  time.Time       `json:"made"`
	Packs []CondemnedPack `json:"packs"`

	PacksRemoved    int64 `json:"packs_removed"` // condemned ones, by this or an earlier run
	ChunksNeeded    int64 `json:"chunks_needed"`
	ChunksRemoved   int64 `json:"chunks_removed"`
	BytesRemoved    int64 `json:"bytes_removed"`
	BytesCopied     int64 `json:"bytes_copied"`
	BytesFreed      int64 `json:"bytes_freed"`      // removed, less copied
	SessionsAwaited int   `json:"sessions_awaited"` // while they live nothing is freed
}

// CondemnedPack is a pack that is to go.
type CondemnedPack struct {
	Pack   string `json:"pack"`
	Bytes  int64  `json:"bytes"`
	Needed int64  `json:"needed"` // bytes of frames that must be copied
	Reason string `json:"reason"`
}

func (p *CollectionPlan) packs() []string {
	var names []string
	for _, c := range p.Packs {
		names = append(names, c.Pack)
	}
	return names
}

// stateOf returns a digest of what a plan rests on.
func stateOf(roots []*Snapshot) string {
	var names []string
	for _, sn := range roots {
		names = append(names, fmt.Sprintf("%s %t", sn.object, sn.Promised))
	}
	slices.Sort(names)
	sum := sha256.New()
	for _, name := range names {
		fmt.Fprintln(sum, name)
	}
	return hex.EncodeToString(sum.Sum(nil))
}

// check says whether a plan that was kept is still to be carried out.
func (c *collector) check(p *CollectionPlan, roots []*Snapshot) error {
	switch {
	case p.Store != c.store.config.ID:
		return fmt.Errorf("%w: it is of %s, this store is %s", ErrOtherStore, p.Store, c.store.config.ID)
	case p.State != stateOf(roots):
		return fmt.Errorf("%w, at %s: snapshots came or went", ErrStalePlan, p.Made.Format(time.RFC3339))
	}
	named := map[string]bool{}
	for _, out := range p.Packs {
		if named[out.Pack] {
			return fmt.Errorf("%w: it names pack %s twice", ErrStalePlan, out.Pack)
		}
		named[out.Pack] = true
		if _, listed := c.survey.listing.packs[out.Pack]; !listed {
			return fmt.Errorf("%w, at %s: pack %s is gone", ErrStalePlan, p.Made.Format(time.RFC3339), out.Pack)
		}
	}
	return nil
}
