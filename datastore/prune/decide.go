package prune

import (
	"cmp"
	"slices"
	"time"

	"github.com/heirloom-backup/heirloom/datastore"
	"github.com/heirloom-backup/heirloom/retention"
)

// decide plans each series of a job, of all jobs if none is named, by itself.
func (v *survey) decide(only string, policy retention.Policy, zone *time.Location) []Series {
	type key struct {
		datastore.Group
		job string
	}
	members := map[key][]*datastore.Snapshot{}
	for _, sn := range v.snapshots {
		if only == "" || only == sn.Job {
			members[key{sn.Group, sn.Job}] = append(members[key{sn.Group, sn.Job}], sn)
		}
	}
	series := make([]Series, 0, len(members))
	for k, list := range members {
		series = append(series, Series{k.Group.String(), k.job, v.decideSeries(list, policy, zone)})
	}
	slices.SortFunc(series, func(a, b Series) int {
		return cmp.Or(cmp.Compare(a.Group, b.Group), cmp.Compare(a.Job, b.Job))
	})
	return series
}

// decideSeries leaves the finished snapshots to the policy; of the unfinished ones a store knows more than it.
func (v *survey) decideSeries(list []*datastore.Snapshot, policy retention.Policy, zone *time.Location) []Decision {
	known := make(map[string]*datastore.Snapshot, len(list))
	var finished []retention.Snapshot
	var unfinished retention.Decisions
	for _, sn := range list {
		known[sn.ID] = sn
		if sn.Promised {
			finished = append(finished, v.candidate(sn))
		} else {
			unfinished = append(unfinished, v.decideUnfinished(sn))
		}
	}
	decisions := make([]Decision, 0, len(list))
	for _, d := range append(retention.Plan(policy, finished, zone), unfinished...) {
		decisions = append(decisions, v.explain(known[d.ID], d))
	}
	slices.SortFunc(decisions, func(a, b Decision) int {
		return cmp.Or(b.Time.Compare(a.Time), cmp.Compare(b.ID, a.ID))
	})
	return decisions
}

// candidate returns what the policy needs to know of a snapshot.
func (v *survey) candidate(sn *datastore.Snapshot) retention.Snapshot {
	outcome := v.outcome(sn)
	return retention.Snapshot{ID: sn.ID, Time: sn.Time, Partial: !sn.Promised, Hold: v.held(sn),
		Damaged: outcome == datastore.OutcomeCorrupt || outcome == datastore.OutcomeMissing}
}

// explain writes down a decision for programs and for people.
func (v *survey) explain(sn *datastore.Snapshot, d retention.Decision) Decision {
	out := Decision{Snapshot: sn.String(), ID: sn.ID, Time: sn.Time, Keep: d.Keep, Why: d.Why(),
		BytesSource: sn.Stats.BytesSource, Unfinished: !sn.Promised, Held: v.held(sn), Verified: v.outcome(sn)}
	for _, r := range d.Reasons {
		out.Reasons = append(out.Reasons, string(r.Rule))
	}
	if !d.Keep {
		out.Reasons = []string{string(d.Removal.Cause)}
	}
	return out
}
