package prune

import (
	"github.com/heirloom-backup/heirloom/datastore"
	"github.com/heirloom-backup/heirloom/retention"
)

// decideUnfinished decides about a snapshot that no policy decides about. It goes when it is of no use any more: its
// writer is gone, and the next run has something newer to go on from.
func (v *survey) decideUnfinished(sn *datastore.Snapshot) retention.Decision {
	d := retention.Decision{Snapshot: v.candidate(sn)}
	keep := func(rule retention.Rule, note string) {
		d.Keep, d.Reasons = true, append(d.Reasons, retention.Reason{Rule: rule, Note: note})
	}
	if d.Hold != "" {
		keep(retention.Held, d.Hold)
	}
	switch {
	case v.recorded[sn.Address()]:
		keep(retention.Suspect, "it was finished, and its promise was not found")
	case v.writers[sn.Session]:
		keep(retention.Partial, "its writer is at work")
	case !v.finished[sn.Group].After(sn.Time):
		keep(retention.Partial, "nothing newer is finished")
	}
	if !d.Keep {
		d.Removal = retention.Removal{Cause: retention.Unfinished}
	}
	return d
}
