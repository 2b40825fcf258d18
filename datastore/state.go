package datastore

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"github.com/heirloom-backup/heirloom/chunk"
)

// Outcome is the result of verifying a snapshot.
type Outcome string

// The outcomes.
const (
	OutcomeOK      Outcome = "OK"      // every chunk is what its ID says
	OutcomeCorrupt Outcome = "CORRUPT" // a chunk is not
	OutcomeMissing Outcome = "MISSING" // a chunk is absent, and none is corrupt
	OutcomeStale   Outcome = "STALE"   // OK, but longer ago than asked for; never stored
)

// Verified is the last verification of a snapshot.
type Verified struct {
	Outcome Outcome   `json:"outcome"`
	Time    time.Time `json:"time"`
	Job     string    `json:"job,omitempty"`
}

// State is what the ledger says of the store's snapshots.
type State struct {
	byID    map[string]*snapshotState
	records map[string]string    // name → SHA-256, "" for a damaged one
	named   map[string]reference // records that others refer to
	covered map[string]bool      // records that a checkpoint stands for: they may be gone
	missed  map[string]bool      // records that were lost when a checkpoint was written
	broken  map[string]error
	ended   map[string]bool     // records of holds that were released, and of removals that were revoked
	bad     map[ChunkState]bool // copies of chunks that a verification found damaged

	heads     []reference // records that no other refers to
	lost      []string
	uncovered int // records that no checkpoint covers
}

type snapshotState struct {
	ref      snapshotRef
	commit   string             // the record with the manifest's copy; "" if none was read
	replaces string             // id of the removed snapshot that this one brought back
	removals map[string]Removal // by record
	holds    map[string]Hold    // by record
	verified Verified
}

func (st *State) seen(name string) bool { _, ok := st.records[name]; return ok }

func (st *State) init() {
	if st.records == nil {
		st.byID, st.records = map[string]*snapshotState{}, map[string]string{}
		st.named, st.broken = map[string]reference{}, map[string]error{}
		st.covered, st.missed, st.ended = map[string]bool{}, map[string]bool{}, map[string]bool{}
		st.bad = map[ChunkState]bool{}
	}
}

// apply folds one record. The order does not matter: a release names the holds it ends, a revocation the removals, and of
// verifications the latest counts. A copy that was found damaged stays so: only its pack's end is the end of it.
func (st *State) apply(name string, data []byte, rec *record) {
	st.init()
	st.records[name] = digest(data)
	for _, p := range rec.Previous {
		st.named[p.Name] = p
	}
	switch rec.Type {
	case recordCommit:
		st.of(rec.Snapshot).commit = name
		if rec.Replaces != "" {
			st.of(rec.Snapshot).replaces = rec.Replaces
			st.of(snapshotRef{ID: rec.Replaces}).remove(name, Removal{rec.Time.UTC(), "brought back"})
		}
	case recordPrune:
		st.of(rec.Snapshot).remove(name, Removal{rec.Time.UTC(), rec.Reason})
	case recordRevoke:
		for _, removal := range rec.Revokes {
			st.ended[removal] = true
		}
	case recordHold:
		st.of(rec.Snapshot).hold(name, Hold{rec.Reason, rec.Time.UTC(), rec.Until.UTC()})
	case recordRelease:
		for _, hold := range rec.Releases {
			st.ended[hold] = true
		}
	case recordVerify:
		for _, v := range rec.Results {
			st.of(v.Snapshot).verify(Verified{v.Result, rec.Time.UTC(), v.Job})
			for _, c := range v.Damage {
				st.bad[c] = true
			}
		}
	case recordCheckpoint:
		if rec.Fold != nil {
			st.unfold(rec.Fold)
		}
	}
}

// of returns the state of a snapshot, a new one if nothing was known of it.
func (st *State) of(ref snapshotRef) *snapshotState {
	sn := st.byID[ref.ID]
	if sn == nil {
		sn = &snapshotState{ref: ref}
		st.byID[ref.ID] = sn
	}
	return sn
}

// verify takes note of a verification, unless a later one is known.
func (sn *snapshotState) verify(v Verified) {
	if v.Outcome != "" && !v.Time.Before(sn.verified.Time) {
		sn.verified = v
	}
}

func (st *State) damaged(name string, err error) {
	st.init()
	st.records[name] = ""
	st.broken[name] = err
}

// snapshot returns a copy that later records do not change, with heads and losses as of the given listing.
func (st *State) snapshot(listed []string) *State {
	st.init()
	out := &State{byID: make(map[string]*snapshotState, len(st.byID)), records: maps.Clone(st.records),
		broken: maps.Clone(st.broken), named: maps.Clone(st.named), covered: maps.Clone(st.covered),
		ended: maps.Clone(st.ended), bad: maps.Clone(st.bad)}
	for id, sn := range st.byID {
		out.byID[id] = sn.clone()
	}
	present := make(map[string]bool, len(listed))
	for _, name := range listed {
		present[name] = true
		if _, named := st.named[name]; !named && st.records[name] != "" {
			out.heads = append(out.heads, reference{name, st.records[name]})
		}
		if !st.covered[name] {
			out.uncovered++
		}
	}
	for name, p := range st.named {
		sum := st.records[name]
		if !present[name] && !st.covered[name] || sum != "" && sum != p.SHA256 || st.missed[name] {
			out.lost = append(out.lost, name)
		}
	}
	slices.SortFunc(out.heads, func(a, b reference) int { return cmp.Compare(a.Name, b.Name) })
	slices.Sort(out.lost)
	return out
}

// Verified returns the snapshot's last verification, if there was one.
func (st *State) Verified(sn *Snapshot) (Verified, bool) {
	s := st.byID[sn.ID]
	if s == nil || s.verified.Outcome == "" {
		return Verified{}, false
	}
	return s.verified, true
}

// Lost returns the names of ledger records that others refer to and that are gone or changed.
func (st *State) Lost() []string { return st.lost }

// Broken returns the ledger records that are damaged, by name.
func (st *State) Broken() map[string]error { return st.broken }

// badPlaces calls fn for each chunk that a verification found damaged, and the pack that should hold it.
func (st *State) badPlaces(fn func(id chunk.ID, pack string)) {
	for c := range st.bad {
		if c.Pack != "" {
			fn(c.ID, c.Pack)
		}
	}
}
