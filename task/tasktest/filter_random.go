package tasktest

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/heirloom-backup/heirloom/task"
)

// The values that records and queries are made of: few, so that they meet.
var (
	someTypes    = rapid.SampledFrom([]string{"backup", "verify", "Backup", "gc", "prune-all", "émigré", "<b>", `"`})
	someUsers    = rapid.SampledFrom([]string{"ada@pam", "eve@pbs!token", "Ada@pam", "日本", `\`})
	someSubjects = rapid.SampledFrom([]string{"vm/1", "vm/10", "VM/1", "", "/srv/a b", "a:b", "\x00", "line\nbreak", "İ", "ß",
		"\u2028", "\ufffd", `back\slash`, "<&>", ".hidden", "-"})
	someTexts = rapid.SampledFrom([]string{"vm/1", "VM", "space", "DISK-full", "shadow", "\n", "İ", "i̇", `\x`, "atlas",
		"no such text", "ß", "<b>", "\x00"})
	someStates = rapid.SampledFrom(task.States())
	someTimes  = rapid.Custom(func(t *rapid.T) time.Time {
		return newYear.Add(time.Duration(rapid.IntRange(-2, 5*24*60).Draw(t, "minutes")) * time.Minute)
	})
)

// randomRecords makes tasks of random content and state, and returns their records, the newest first.
func randomRecords(t testing.TB, s task.Store, n int) []task.Record {
	t.Helper()
	var all []task.Record
	for i := range n {
		r := recordOf(i, someTimes.Example(i), task.Spec{Type: someTypes.Example(i), User: someUsers.Example(i + 1),
			Source: someSubjects.Example(i + 2), Target: someSubjects.Example(i + 3)})
		switch state := someStates.Example(i + 4); state {
		case task.Queued:
			create(t, s, r)
		case task.Running:
			r = start(t, s, r).Record()
		default:
			r = finish(t, s, r, state)
		}
		all = append(all, r)
	}
	slices.SortFunc(all, func(a, b task.Record) int { return b.UPID.Compare(a.UPID) })
	return all
}

// randomQuery combines filters, each of which is there or not.
func randomQuery(t *rapid.T) task.Query {
	q := task.Query{
		Types:    rapid.SliceOfN(someTypes, 0, 2).Draw(t, "types"),
		States:   rapid.SliceOfN(someStates, 0, 3).Draw(t, "states"),
		Users:    rapid.SliceOfN(someUsers, 0, 2).Draw(t, "users"),
		Subjects: rapid.SliceOfN(someSubjects, 0, 2).Draw(t, "subjects"),
		Limit:    rapid.SampledFrom([]int{0, 1, 2, 3, 10, 1000}).Draw(t, "limit"),
	}
	if rapid.Bool().Draw(t, "since") {
		q.Since = someTimes.Draw(t, "since")
	}
	if rapid.Bool().Draw(t, "until") {
		if q.Until = someTimes.Draw(t, "until"); q.Until.Before(q.Since) {
			q.Since, q.Until = q.Until, q.Since
		}
	}
	if rapid.Bool().Draw(t, "text") {
		q.Text = someTexts.Draw(t, "text")
	}
	return q
}
