package retention_test

import (
	"fmt"
	"slices"
	"time"

	"github.com/heirloom-backup/heirloom/retention"
)

// The functions here decide once more, from the description of the rules alone and as plainly as can be, sharing
// nothing with the package: periods are formatted strings, marks are maps, and every forecast is made step by step.

// verdict is the plain answer for one snapshot: the rules that keep it, in order; empty if it goes.
type verdict struct {
	snapshot retention.Snapshot
	rules    []string
}

func naivePlan(p retention.Policy, snapshots []retention.Snapshot, zone *time.Location) []verdict {
	all := make([]verdict, len(snapshots))
	for i, s := range snapshots {
		all[i].snapshot = s
	}
	slices.SortStableFunc(all, func(a, b verdict) int { return b.snapshot.Time.Compare(a.snapshot.Time) })

	var competing []*verdict
	for i := range all {
		v := &all[i]
		if v.snapshot.Protected {
			v.rules = append(v.rules, "protected")
		}
		if v.snapshot.Hold != "" {
			v.rules = append(v.rules, "held: "+v.snapshot.Hold)
		}
		if v.snapshot.Suspect {
			v.rules = append(v.rules, "suspect")
		}
		if v.snapshot.Partial && i == 0 {
			v.rules = append(v.rules, "partial")
		}
		if len(v.rules) == 0 && !v.snapshot.Partial {
			competing = append(competing, v)
		}
	}
	if p.Last <= 0 && p.Hourly <= 0 && p.Daily <= 0 && p.Weekly <= 0 && p.Monthly <= 0 && p.Yearly <= 0 {
		for i := range all {
			if len(all[i].rules) == 0 {
				all[i].rules = []string{"keep-all"}
			}
		}
		return all
	}
	if p.Independent {
		naiveIndependent(p, competing, zone)
	} else {
		naiveChained(p, competing, zone)
	}
	for i := range all {
		if s := all[i].snapshot; !s.Partial && !s.Damaged && !s.Suspect {
			if len(all[i].rules) == 0 {
				all[i].rules = []string{"last-good"}
			}
			break
		}
	}
	return all
}

type naiveWindow struct {
	name  string
	count int
	key   func(n int, t time.Time) string
}

func naiveWindows(p retention.Policy) []naiveWindow {
	format := func(layout string) func(int, time.Time) string {
		return func(_ int, t time.Time) string { return t.Format(layout) }
	}
	return []naiveWindow{
		{"keep-last", p.Last, func(n int, _ time.Time) string { return fmt.Sprint(n) }},
		{"keep-hourly", p.Hourly, format("2006/01/02/15")},
		{"keep-daily", p.Daily, format("2006/01/02")},
		{"keep-weekly", p.Weekly, func(_ int, t time.Time) string { y, w := t.ISOWeek(); return fmt.Sprint(y, "/", w) }},
		{"keep-monthly", p.Monthly, format("2006/01")},
		{"keep-yearly", p.Yearly, format("2006")},
	}
}

// naiveChained follows the package comment sentence by sentence.
func naiveChained(p retention.Policy, competing []*verdict, zone *time.Location) {
	mark := map[int]string{} // by place: a rule, or "remove"
	for _, w := range naiveWindows(p) {
		if w.count <= 0 {
			continue
		}
		key := func(n int) string { return w.key(n, competing[n].snapshot.Time.In(zone)) }
		included := map[string]bool{}
		for n := range competing {
			if m, ok := mark[n]; ok && m != "remove" {
				included[key(n)] = true
			}
		}
		filled := map[string]bool{}
		for n := range competing {
			if _, marked := mark[n]; marked || included[key(n)] {
				continue
			}
			if filled[key(n)] {
				mark[n] = "remove"
				continue
			}
			if len(filled) >= w.count {
				break
			}
			filled[key(n)] = true
			mark[n] = fmt.Sprintf("%s #%d", w.name, len(filled))
		}
	}
	for n, m := range mark {
		if m != "remove" {
			competing[n].rules = []string{m}
		}
	}
}

// naiveIndependent gives every window its own countdown, and the oldest snapshot what is left of it.
func naiveIndependent(p retention.Policy, competing []*verdict, zone *time.Location) {
	windows := naiveWindows(p)
	last := make([]string, len(windows))
	left := make([]int, len(windows))
	for i, w := range windows {
		last[i], left[i] = "none yet", w.count
	}
	for n, v := range competing {
		for i, w := range windows {
			key := w.key(n, v.snapshot.Time.In(zone))
			oldest := n == len(competing)-1
			if left[i] <= 0 || (key == last[i] && !oldest) {
				continue
			}
			left[i]--
			rule := fmt.Sprintf("%s #%d", w.name, w.count-left[i])
			if key == last[i] {
				rule += ": oldest"
			}
			v.rules = append(v.rules, rule)
			last[i] = key
		}
	}
}

// naiveForecast makes each backup in turn and plans after it. It calls each with what is left after the backup.
func naiveForecast(p retention.Policy, existing []retention.Snapshot, times []time.Time, zone *time.Location,
	each func(t time.Time, left []verdict)) {
	alive := slices.Clone(existing)
	for _, t := range times {
		var left []verdict
		for _, v := range naivePlan(p, append(alive, retention.Snapshot{Time: t}), zone) {
			if len(v.rules) > 0 {
				left = append(left, v)
			}
		}
		alive = nil
		for _, v := range left {
			alive = append(alive, v.snapshot)
		}
		each(t, left)
	}
}
