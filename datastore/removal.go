package datastore

import (
	"maps"
	"slices"
	"time"
)

// Removal is when and why a snapshot was removed.
type Removal struct {
	Time   time.Time `json:"time"`
	Reason string    `json:"reason,omitempty"`
}

// Removal returns when and why the snapshot was removed, if it was. Of several removals the first counts: the others came
// too late.
func (st *State) Removal(sn *Snapshot) (first Removal, removed bool) {
	for _, record := range st.removalsOf(sn.ID) {
		if r := st.byID[sn.ID].removals[record]; !removed || r.Time.Before(first.Time) {
			first, removed = r, true
		}
	}
	return first, removed
}

// removed says whether the ledger has the snapshot with the given id as removed.
func (st *State) removed(id string) bool { return len(st.removalsOf(id)) > 0 }

// goes says whether a manifest that is there is that of a snapshot that was removed. A removal that was recorded while a
// hold was in force was about to be revoked, and does not count, also when the hold has ended.
func (st *State) goes(id string) bool { return len(st.removalsOf(id)) > len(st.contested(id)) }

// contested returns the records of removals that met a hold.
func (st *State) contested(id string) (records []string) {
	for _, record := range st.removalsOf(id) {
		if _, held := st.held(id, st.byID[id].removals[record].Time); held {
			records = append(records, record)
		}
	}
	return records
}

// removalsOf returns the records of a snapshot's removals that were not revoked, sorted.
func (st *State) removalsOf(id string) []string {
	sn := st.byID[id]
	if sn == nil {
		return nil
	}
	records := slices.Sorted(maps.Keys(sn.removals))
	return slices.DeleteFunc(records, func(record string) bool { return st.ended[record] })
}

// committed says whether the ledger has the snapshot with the given id as committed.
func (st *State) committed(id string) bool {
	sn := st.byID[id]
	return sn != nil && sn.commit != ""
}

func (sn *snapshotState) remove(record string, r Removal) {
	if sn.removals == nil {
		sn.removals = map[string]Removal{}
	}
	sn.removals[record] = r
}

func (sn *snapshotState) clone() *snapshotState {
	c := *sn
	c.holds, c.removals = maps.Clone(sn.holds), maps.Clone(sn.removals)
	return &c
}
