package datastore

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"slices"
	"strings"

	"github.com/heirloom-backup/heirloom/datastore/backend"
	"github.com/heirloom-backup/heirloom/datastore/internal/document"
)

// checkpointEvery is how many records a reader of the ledger has to read at most, about, before somebody who appends to
// it writes down what they add up to.
const checkpointEvery = 256

const checkpointSuffix = ".checkpoint"

// fold is what a checkpoint says instead of the records it covers.
type fold struct {
	Covers    []reference      `json:"covers"`
	Lost      []string         `json:"lost,omitempty"` // records that were missed then, and are for ever
	Snapshots []foldedSnapshot `json:"snapshots"`
	Pruned    []foldedRemoval  `json:"pruned,omitempty"`
	Ended     []string         `json:"ended,omitempty"`  // records of holds and removals that do not count
	Damage    []ChunkState     `json:"damage,omitempty"` // copies of chunks that are not what they should be
}

type foldedSnapshot struct {
	Snapshot snapshotRef     `json:"snapshot"`
	Commit   string          `json:"commit,omitempty"`   // the record
	Replaces string          `json:"replaces,omitempty"` // id of a removed snapshot
	Verified Verified        `json:"verified,omitzero"`
	Holds    map[string]Hold `json:"holds,omitempty"` // by record
}

type foldedRemoval struct {
	ID       string             `json:"id"`
	Removals map[string]Removal `json:"removals"` // by record
	Holds    map[string]Hold    `json:"holds,omitempty"`
}

// checkpointDue says whether so much is not covered that writing it all down pays: a checkpoint grows with the store, so
// the next one waits until a quarter has been added.
func (st *State) checkpointDue() bool {
	return st.uncovered >= max(checkpointEvery, len(st.covered)/4)
}

// checkpoint writes down what the ledger adds up to and returns the new record's reference. Losses are looked at once
// more first: what one listing left out another has. It spares later readers work; that it fails is no harm.
func (s *Store) checkpoint(ctx context.Context, state *State) ([]reference, error) {
	var lost []string
	for _, name := range state.lost {
		if _, err := backend.ReadAll(ctx, s.backend, name, document.MaxSize); errors.Is(err, backend.ErrNotFound) {
			lost = append(lost, name)
		}
	}
	state.lost = lost
	_, refs, err := s.appendRecord(ctx, record{Type: recordCheckpoint, Fold: state.fold()}, state.heads)
	return refs, err
}

// newestCheckpoint returns the checkpoint among the ledger's names that was written last.
func newestCheckpoint(names []string) (newest string, ok bool) {
	for _, name := range names {
		if strings.HasSuffix(name, checkpointSuffix) && name > newest {
			newest, ok = name, true
		}
	}
	return newest, ok
}

// fold writes the state down.
func (st *State) fold() *fold {
	f := &fold{Lost: st.lost, Ended: slices.Sorted(maps.Keys(st.ended))}
	for c := range st.bad {
		f.Damage = append(f.Damage, c)
	}
	for name, sum := range st.records {
		if sum != "" {
			f.Covers = append(f.Covers, reference{name, sum})
		}
	}
	for id, sn := range st.byID {
		if len(sn.removals) > 0 {
			f.Pruned = append(f.Pruned, foldedRemoval{id, sn.removals, sn.holds})
		}
		if !st.removed(id) {
			f.Snapshots = append(f.Snapshots, foldedSnapshot{sn.ref, sn.commit, sn.replaces, sn.verified, sn.holds})
		}
	}
	slices.SortFunc(f.Covers, func(a, b reference) int { return cmp.Compare(a.Name, b.Name) })
	slices.SortFunc(f.Pruned, func(a, b foldedRemoval) int { return cmp.Compare(a.ID, b.ID) })
	slices.SortFunc(f.Damage, func(a, b ChunkState) int { return cmp.Or(a.ID.Compare(b.ID), cmp.Compare(a.Pack, b.Pack)) })
	slices.SortFunc(f.Snapshots, func(a, b foldedSnapshot) int { return cmp.Compare(a.Snapshot.ID, b.Snapshot.ID) })
	return f
}

// unfold applies a checkpoint. What it covers counts as read.
func (st *State) unfold(f *fold) {
	for _, c := range f.Covers {
		st.covered[c.Name] = true
		st.named[c.Name] = c
		if !st.seen(c.Name) {
			st.records[c.Name] = c.SHA256
		}
	}
	for _, name := range f.Lost {
		st.missed[name] = true
		if _, ok := st.named[name]; !ok {
			st.named[name] = reference{Name: name}
		}
	}
	for _, p := range f.Pruned {
		sn := st.of(snapshotRef{ID: p.ID})
		for record, r := range p.Removals {
			sn.remove(record, r)
		}
		for record, h := range p.Holds {
			sn.hold(record, h)
		}
	}
	for _, record := range f.Ended {
		st.ended[record] = true
	}
	for _, c := range f.Damage {
		st.bad[c] = true
	}
	for _, was := range f.Snapshots {
		sn := st.of(was.Snapshot)
		if was.Commit != "" {
			sn.commit = was.Commit
		}
		if was.Replaces != "" {
			sn.replaces = was.Replaces
		}
		sn.verify(was.Verified)
		for record, h := range was.Holds {
			sn.hold(record, h)
		}
	}
}
