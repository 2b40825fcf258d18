package retention

import (
	"cmp"
	"time"
)

// Snapshot is what a plan needs to know of one backup. Callers fill in what they have; only Time is needed.
//
// All snapshots of one call belong to one series, such as the backups of one machine by one job: they compete for the
// same slots.
type Snapshot struct {
	// ID is the caller's own name for the snapshot, handed through to the decision. It may be empty.
	ID string

	// Time is when the snapshot was taken; it may be in any zone and it may lie in the future.
	Time time.Time

	// Protected keeps the snapshot; it takes no slot.
	Protected bool

	// Hold, when not empty, keeps the snapshot like Protected and says why. A hold that has expired is the caller's
	// to leave out, since a plan knows no present.
	Hold string

	// Partial marks the checkpoint of a run that never finished. A finished snapshot that skipped some paths is not
	// partial.
	Partial bool

	// Damaged marks a snapshot that did not verify. Windows treat it like any other, as a repair may yet undo the
	// finding, but it does not count as good.
	Damaged bool

	// Suspect marks a snapshot somebody should look at, such as one that is suddenly far smaller than those before.
	// Until the mark is taken away it is kept, takes no slot and does not count as good: a run of suspects cannot
	// push the good ones out.
	Suspect bool
}

// Good reports whether the snapshot can be relied on: finished, and neither damaged nor suspect.
func (s Snapshot) Good() bool { return !s.Partial && !s.Damaged && !s.Suspect }

// newestFirst orders snapshots by time. Ties are broken by everything else there is, so that the order in which a
// caller lists snapshots never matters.
func newestFirst(a, b Snapshot) int {
	if byTime := b.Time.Compare(a.Time); byTime != 0 {
		return byTime
	}
	return cmp.Or(
		cmp.Compare(b.ID, a.ID),
		cmp.Compare(b.Hold, a.Hold),
		cmp.Compare(b.flags(), a.flags()),
	)
}

// flags packs the marks into one number, for ordering alone.
func (s Snapshot) flags() int {
	bits := 0
	for i, set := range []bool{s.Protected, s.Partial, s.Damaged, s.Suspect} {
		if set {
			bits |= 1 << i
		}
	}
	return bits
}
