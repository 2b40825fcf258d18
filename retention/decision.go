package retention

import "iter"

// Decision is what a plan says of one snapshot. Either Keep is true and Reasons has at least one entry, or Keep is
// false and Removal says why.
type Decision struct {
	Snapshot
	Keep    bool
	Reasons []Reason // why it is kept; chained windows give one, independent ones may give several
	Removal Removal  // why it goes

	input int // its place in the list the caller passed
}

// Why returns the decision's reasons for people, such as "keep-daily #3" or "same day as keep-daily #2".
func (d Decision) Why() string {
	if d.Keep {
		return joinReasons(d.Reasons)
	}
	return d.Removal.String()
}

func (d *Decision) keep(r Reason) {
	d.Keep = true
	d.Reasons = append(d.Reasons, r)
	d.Removal = Removal{}
}

// Decisions is a plan: a decision for every snapshot, newest first.
type Decisions []Decision

// Kept yields the decisions to keep, newest first.
func (ds Decisions) Kept() iter.Seq[Decision] { return ds.where(true) }

// Removed yields the decisions to remove, newest first.
func (ds Decisions) Removed() iter.Seq[Decision] { return ds.where(false) }

// Counts returns how many snapshots are kept and how many are removed.
func (ds Decisions) Counts() (kept, removed int) {
	for i := range ds {
		if ds[i].Keep {
			kept++
		}
	}
	return kept, len(ds) - kept
}

func (ds Decisions) where(keep bool) iter.Seq[Decision] {
	return func(yield func(Decision) bool) {
		for _, d := range ds {
			if d.Keep == keep && !yield(d) {
				return
			}
		}
	}
}
