package datastore

import (
	"maps"
	"time"
)

// Removal is when and why a snapshot was removed.
type Removal struct {
	Time   time.Time `json:"time"`
	Reason string    `json:"reason,omitempty"`
}

// Removal returns when and why the snapshot was removed, if it was.
func (st *State) Removal(sn *Snapshot) (Removal, bool) {
	s := st.byID[sn.ID]
	if s == nil || !s.pruned {
		return Removal{}, false
	}
	return s.removal, true
}

// removed says whether the ledger has the snapshot with the given id as removed.
func (st *State) removed(id string) bool {
	sn := st.byID[id]
	return sn != nil && sn.pruned
}

// committed says whether the ledger has the snapshot with the given id as committed.
func (st *State) committed(id string) bool {
	sn := st.byID[id]
	return sn != nil && sn.commit != ""
}

// remove takes note of a removal. Of several the first counts: the others came too late.
func (sn *snapshotState) remove(r Removal) {
	if !sn.pruned || r.Time.Before(sn.removal.Time) {
		sn.pruned, sn.removal = true, r
	}
}

func (sn *snapshotState) clone() *snapshotState {
	c := *sn
	c.holds = maps.Clone(sn.holds)
	return &c
}
