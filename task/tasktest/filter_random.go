package tasktest

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/heirloom-backup/heirloom/task"
)

// choices draw the values that records and queries are made of: few, so that they meet. Each test makes its own, since
// generators are not for several goroutines.
type choices struct {
	types, users, subjects, texts *rapid.Generator[string]
	states                        *rapid.Generator[task.State]
	times                         *rapid.Generator[time.Time]
}

func newChoices() *choices {
	return &choices{
		types: rapid.SampledFrom([]string{"backup", "verify", "Backup", "gc", "prune-all", "émigré", "<b>", `"`}),
		users: rapid.SampledFrom([]string{"ada@pam", "eve@pbs!token", "Ada@pam", "日本", `\`}),
		subjects: rapid.SampledFrom([]string{"vm/1", "vm/10", "VM/1", "", "/srv/a b", "a:b", "\x00", "line\nbreak", "İ", "ß",
			"\u2028", "\ufffd", `back\slash`, "<&>", ".hidden", "-"}),
		texts: rapid.SampledFrom([]string{"vm/1", "VM", "space", "DISK-full", "shadow", "\n", "İ", "i̇", `\x`, "atlas",
			"no such text", "ß", "<b>", "\x00"}),
		states: rapid.SampledFrom(task.States()),
		times: rapid.Custom(func(t *rapid.T) time.Time {
			return newYear.Add(time.Duration(rapid.IntRange(-2, 5*24*60).Draw(t, "minutes")) * time.Minute)
		}),
	}
}

// records makes tasks of random content and state, and returns their records, the newest first.
func (c *choices) records(t testing.TB, s task.Store, n int) []task.Record {
	t.Helper()
	var all []task.Record
	for i := range n {
		r := recordOf(i, c.times.Example(i), task.Spec{Type: c.types.Example(i), User: c.users.Example(i + 1),
			Source: c.subjects.Example(i + 2), Target: c.subjects.Example(i + 3)})
		switch state := c.states.Example(i + 4); state {
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

// query combines filters, each of which is there or not.
func (c *choices) query(t *rapid.T) task.Query {
	q := task.Query{
		Types:    rapid.SliceOfN(c.types, 0, 2).Draw(t, "types"),
		States:   rapid.SliceOfN(c.states, 0, 3).Draw(t, "states"),
		Users:    rapid.SliceOfN(c.users, 0, 2).Draw(t, "users"),
		Subjects: rapid.SliceOfN(c.subjects, 0, 2).Draw(t, "subjects"),
		Limit:    rapid.SampledFrom([]int{0, 1, 2, 3, 10, 1000}).Draw(t, "limit"),
	}
	if rapid.Bool().Draw(t, "since") {
		q.Since = c.times.Draw(t, "since")
	}
	if rapid.Bool().Draw(t, "until") {
		if q.Until = c.times.Draw(t, "until"); q.Until.Before(q.Since) {
			q.Since, q.Until = q.Until, q.Since
		}
	}
	if rapid.Bool().Draw(t, "text") {
		q.Text = c.texts.Draw(t, "text")
	}
	return q
}
