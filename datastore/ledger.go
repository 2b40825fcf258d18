package datastore

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/heirloom-backup/heirloom/chunk"
	"github.com/heirloom-backup/heirloom/datastore/backend"
	"github.com/heirloom-backup/heirloom/datastore/internal/document"
)

// record is the payload of one ledger object: docs/format.md, "Ledger".
type record struct {
	Format   int         `json:"format"`
	Type     recordType  `json:"type"`
	Time     time.Time   `json:"time"`
	Previous []reference `json:"previous"`

	Snapshot snapshotRef    `json:"snapshot,omitzero"`  // all but verify and checkpoint
	Manifest string         `json:"manifest,omitempty"` // commit: the whole object
	Replaces string         `json:"replaces,omitempty"` // commit that brings a removed snapshot back: that one's id
	Reason   string         `json:"reason,omitempty"`   // prune, hold
	Until    time.Time      `json:"until,omitzero"`     // hold
	Releases []string       `json:"releases,omitempty"` // release: the records of the holds it ends
	Revokes  []string       `json:"revokes,omitempty"`  // revoke: the records of removals that did not happen
	Results  []verification `json:"results,omitempty"`  // verify
	Fold     *fold          `json:"fold,omitempty"`     // checkpoint
}

type recordType string

const (
	recordCommit     recordType = "commit"
	recordVerify     recordType = "verify"
	recordPrune      recordType = "prune"
	recordHold       recordType = "hold"
	recordRelease    recordType = "release"
	recordRevoke     recordType = "revoke"
	recordCheckpoint recordType = "checkpoint"
)

// verification is what a run found of one snapshot.
type verification struct {
	Snapshot snapshotRef  `json:"snapshot"`
	Result   Outcome      `json:"result"`
	Chunks   int64        `json:"chunks"`
	Bytes    int64        `json:"bytes"`
	Damage   []ChunkState `json:"damage,omitempty"`
	Job      string       `json:"job,omitempty"`
}

// reference names a record and what it says, so that a lost or changed one shows.
type reference struct {
	Name   string `json:"name"`
	SHA256 string `json:"sha256"`
}

// snapshotRef names a snapshot in a record.
type snapshotRef struct {
	Namespace string    `json:"namespace"`
	Kind      Kind      `json:"kind"`
	Name      rawName   `json:"name"`
	Time      time.Time `json:"time"`
	ID        string    `json:"id"`
}

func refOf(sn *Snapshot) snapshotRef {
	return snapshotRef{sn.Namespace, sn.Kind, rawName(sn.Name), sn.Time, sn.ID}
}

func (r snapshotRef) address() Address {
	return Address{Group: Group{r.Namespace, r.Kind, string(r.Name)}, Time: r.Time.UTC()}
}

// ChunkState is a chunk that a verification found damaged.
type ChunkState struct {
	ID     chunk.ID `json:"id"`
	Reason Damage   `json:"reason"`
	Pack   string   `json:"pack,omitempty"` // that should hold it; "" if none does
}

const ledgerReaders = 8

// ledger is the fold of the records read so far. Records never change, so each is read once.
type ledger struct {
	mu    sync.Mutex
	state State
}

// State reads the ledger and returns what it adds up to.
func (s *Store) State(ctx context.Context) (*State, error) {
	s.ledger.mu.Lock()
	defer s.ledger.mu.Unlock()
	names, err := backend.Names(ctx, s.backend, ledgerPrefix)
	if err != nil {
		return nil, fmt.Errorf("read ledger: %w", err)
	}
	if newest, ok := newestCheckpoint(names); ok { // what it covers need not be read
		if err := s.readRecords(ctx, []string{newest}); err != nil {
			return nil, fmt.Errorf("read ledger: %w", err)
		}
	}
	if err := s.readRecords(ctx, names); err != nil {
		return nil, fmt.Errorf("read ledger: %w", err)
	}
	return s.ledger.state.snapshot(names), nil
}

// readRecords folds the records that were not read before.
func (s *Store) readRecords(ctx context.Context, names []string) error {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(ledgerReaders)
	var mu sync.Mutex
	for _, name := range slices.DeleteFunc(slices.Clone(names), s.ledger.state.seen) {
		group.Go(func() error {
			rec := &record{}
			data, err := s.readDoc(ctx, name, rec)
			mu.Lock()
			defer mu.Unlock()
			switch {
			case err == nil:
				s.ledger.state.apply(name, data, rec)
			case damaged(err):
				s.o.Logger.Warn("ledger record is damaged", "record", name, "error", err)
				s.ledger.state.damaged(name, err)
			case !errors.Is(err, backend.ErrNotFound):
				return err
			}
			return nil
		})
	}
	return group.Wait()
}

// record appends records to the ledger, in order; each names the one before. It returns the bytes stored and the records.
func (s *Store) record(ctx context.Context, recs ...record) (stored int64, refs []reference, err error) {
	state, err := s.State(ctx)
	if err != nil {
		return 0, nil, err
	}
	previous := state.heads
	if state.checkpointDue() {
		if refs, err := s.checkpoint(ctx, state); err != nil {
			s.o.Logger.Warn("ledger checkpoint cannot be written", "error", err)
		} else {
			previous = refs
		}
	}
	for _, rec := range recs {
		var n int64
		if n, previous, err = s.appendRecord(ctx, rec, previous); err != nil {
			return stored, refs, err
		}
		stored += n
		refs = append(refs, previous...)
	}
	return stored, refs, nil
}

// appendRecord stores one record and returns its size and the reference that the next one names it by.
func (s *Store) appendRecord(ctx context.Context, rec record, previous []reference) (int64, []reference, error) {
	rec.Format, rec.Time, rec.Previous = document.Format, s.now().UTC(), previous
	name := recordName(&rec)
	data, err := s.putDoc(ctx, name, &rec)
	if err != nil {
		return 0, nil, fmt.Errorf("write ledger: %w", err)
	}
	return int64(len(data)), []reference{{name, digest(data)}}, nil
}

func recordName(rec *record) string {
	name := ledgerPrefix + rec.Time.Format(nameTime) + "-" + newID()
	if rec.Type == recordCheckpoint {
		name += checkpointSuffix
	}
	return name
}

func digest(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}
