package main

import "github.com/heirloom-backup/heirloom/datastore"

// verifiedJSON is the last verification of a snapshot.
type verifiedJSON struct {
	Result datastore.Outcome `json:"result"`
	Time   stamp             `json:"time"`
}

// holdJSON is what keeps a snapshot from being removed.
type holdJSON struct {
	Reason string `json:"reason"`
	Until  stamp  `json:"until"` // null: until it is released
}

// removalJSON is when and why a snapshot was removed.
type removalJSON struct {
	Time   stamp  `json:"time"`
	Reason string `json:"reason"`
}

// verified returns nil for a snapshot that was never verified.
func (l *snapshotListing) verified(sn *datastore.Snapshot) *verifiedJSON {
	v, ok := l.state.Verified(sn)
	if !ok {
		return nil
	}
	if v.Outcome == datastore.OutcomeOK && v.Time.Before(l.oldest) {
		v.Outcome = datastore.OutcomeStale
	}
	return &verifiedJSON{v.Outcome, stamp(v.Time)}
}

// hold returns nil for a snapshot that is not held. One that was removed is not, whatever was recorded.
func (l *snapshotListing) hold(sn *datastore.Snapshot) *holdJSON {
	h, held := l.state.Held(sn, l.now)
	if !held || l.removal(sn) != nil {
		return nil
	}
	return &holdJSON{escape(h.Reason), stamp(h.Until)}
}

// removal returns nil for a snapshot that is there.
func (l *snapshotListing) removal(sn *datastore.Snapshot) *removalJSON {
	r, removed := l.state.Removal(sn)
	if !removed {
		return nil
	}
	return &removalJSON{stamp(r.Time), escape(r.Reason)}
}
