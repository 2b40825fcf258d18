package datastore

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"time"

	"github.com/heirloom-backup/heirloom/datastore/internal/pack"
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

// plan chooses the packs that are worth to go.
func (c *collector) plan(roots []*Snapshot) (*CollectionPlan, error) {
	p := &CollectionPlan{Store: c.store.config.ID, State: stateOf(roots), Made: c.store.now().UTC()}
	counted := c.census(c.leaving(nil), nil)
	if err := counted.take(); err != nil {
		return nil, err
	}
	p.ChunksNeeded = counted.needed
	weights, err := counted.weights()
	if err != nil {
		return nil, err
	}
	var small [pack.Tree + 1][]CondemnedPack
	for n := range c.survey.packs {
		state := &c.survey.packs[n]
		if counted.roles[n] != stays || !state.indexed || c.survey.sessions[sessionOf(state.name)] {
			continue // what a living session wrote may be part of its next snapshot
		}
		w := weights[n]
		out := CondemnedPack{Pack: state.name, Bytes: state.size, Needed: w.needed}
		switch {
		case counted.holds[n] == 0:
			out.Reason = "nothing needs it"
		case !state.trusted:
			continue
		case float64(w.all-w.needed) >= c.o.MinDead*float64(w.all):
			out.Reason = fmt.Sprintf("%d of 100 bytes are not needed", 100*(w.all-w.needed)/w.all)
		case out.Bytes < int64(c.store.o.PackSize)/smallShare:
			out.Reason = "small: joined with others"
			kind := c.kindOf(uint32(n))
			small[kind] = append(small[kind], out)
			continue
		default:
			continue
		}
		p.Packs = append(p.Packs, out)
	}
	for _, list := range small {
		if len(list) >= manySmall && c.o.MinDead <= 1 {
			p.Packs = append(p.Packs, list...)
		}
	}
	slices.SortFunc(p.Packs, func(a, b CondemnedPack) int { return cmp.Compare(a.Pack, b.Pack) })
	return p, nil
}

// Small packs are joined when there are many: each costs a request whenever packs are listed or read.
const (
	smallShare = 4 // of a full pack, the part below which one is small
	manySmall  = 16
)

// kindOf returns what a pack holds.
func (c *collector) kindOf(n uint32) pack.Kind {
	for _, t := range c.survey.tables {
		for local, known := range t.packs {
			if known == n {
				return t.Packs()[local].Kind
			}
		}
	}
	return pack.Content
}

// census returns one to be taken of the survey's tables and newer ones.
func (c *collector) census(roles []role, newer []*openTable) *census {
	return &census{marks: c.marks, tables: append(slices.Clone(c.survey.tables), newer...), roles: roles, sound: c.sound}
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

// measure adds to a plan what comes of it. It lays out the copies as the run would, and adds up their sizes.
func (c *collector) measure(ctx context.Context, p *CollectionPlan) error {
	p.SessionsAwaited = len(c.survey.sessions)
	roles := c.leaving(p.packs())
	if err := c.measureCopies(ctx, p, roles); err != nil {
		return err
	}
	for n := range roles {
		state := &c.survey.packs[n]
		switch {
		case roles[n] == leaves: // what is needed of it will have a copy by then
			p.PacksRemoved, p.BytesRemoved = p.PacksRemoved+1, p.BytesRemoved+state.size
			roles[n] = stays
		case state.listed && state.condemned:
			p.PacksRemoved, p.BytesRemoved = p.PacksRemoved+1, p.BytesRemoved+state.size
			roles[n] = leaves
		}
	}
	if err := c.measureCopies(ctx, p, roles); err != nil {
		return err
	}
	p.BytesFreed = p.BytesRemoved - p.BytesCopied
	return nil
}

func (c *collector) measureCopies(ctx context.Context, p *CollectionPlan, roles []role) error {
	counted := c.census(roles, nil)
	if err := counted.take(); err != nil {
		return err
	}
	p.ChunksRemoved += counted.dropped
	m, err := c.moves(counted)
	if err != nil {
		return err
	}
	m.done = func(_ context.Context, l *layout) error {
		p.BytesCopied += l.bytes(c.store)
		return nil
	}
	return m.run(ctx)
}
