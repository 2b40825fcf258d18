package main

import (
	"fmt"
	"time"

	"github.com/heirloom-backup/heirloom/datastore"
	"github.com/heirloom-backup/heirloom/datastore/prune"
)

// pruneRun is a plan, and what came of it or would.
type pruneRun struct {
	plan     *prune.Plan
	result   *prune.Result             // nil after a simulation
	foreseen *datastore.CollectionPlan // of a simulation
	elapsed  time.Duration
}

// left returns the addresses of those that were to go and did not, because somebody put a hold on them meanwhile.
func (r *pruneRun) left() map[string]bool {
	left := map[string]bool{}
	if r.result != nil {
		for _, held := range r.result.Left {
			left[held.Snapshot.String()] = true
		}
	}
	return left
}

// warnings names what was not removed, or would not be: a simulation says what the brake would refuse.
func (r *pruneRun) warnings(maxRemove float64) (list []datastore.Warning) {
	if r.result != nil {
		for _, held := range r.result.Left {
			reason := "not removed, held meanwhile: " + held.Hold.Reason
			list = append(list, datastore.Warning{Path: addressText(held.Snapshot), Reason: reason})
		}
		return list
	}
	for i := range r.plan.Series {
		s := &r.plan.Series[i]
		if maxRemove == 0 || s.Share() <= maxRemove {
			continue
		}
		_, removed := s.Counts()
		reason := fmt.Sprintf("%d of %d would go, more than %g percent: prune will refuse", removed, len(s.Decisions), maxRemove)
		list = append(list, datastore.Warning{Path: s.String(), Reason: reason})
	}
	return list
}
