package history

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/task"
)

func TestPlan(t *testing.T) {
	some, subjects := users(4), []string{"vm/1", "vm/2"}
	failed := []task.State{task.Failed}
	for name, c := range map[string]struct {
		q    task.Query
		by   attributes
		runs int // 0 with scan false: nothing can match
		scan bool
	}{
		"everything":           {q: task.Query{}, scan: true},
		"all final states":     {q: task.Query{States: task.States()}, scan: true},
		"text":                 {q: task.Query{Text: "x"}, scan: true},
		"one state":            {q: task.Query{States: failed}, runs: 1},
		"states, repeated":     {q: task.Query{States: append(failed, task.Failed, task.OK)}, runs: 2},
		"no final state":       {q: task.Query{States: []task.State{task.Running}}},
		"a type":               {q: task.Query{Types: []string{"gc"}}, by: byType, runs: 4},
		"a type, repeated":     {q: task.Query{Types: []string{"gc", "gc"}}, by: byType, runs: 4},
		"all attributes":       {q: task.Query{Types: sampleTypes, Users: some, Subjects: subjects}, by: allAttributes, runs: 256},
		"too many, one state":  {q: task.Query{Types: sampleTypes, Users: users(5), Subjects: subjects, States: failed}, by: allAttributes, runs: 80},
		"too many":             {q: task.Query{Types: sampleTypes, Users: users(5), Subjects: subjects}, by: byUser | bySubject, runs: 40},
		"far too many users":   {q: task.Query{Types: sampleTypes, Users: users(65)}, by: byType, runs: 32},
		"nothing but too many": {q: task.Query{Users: users(65)}, scan: true},
		"the empty subject":    {q: task.Query{Types: []string{"gc"}, Subjects: []string{"vm/1", ""}}, by: byType, runs: 4},
		"until the beginning":  {q: task.Query{Until: time.Unix(0, 0)}},
		"since after the end":  {q: task.Query{Since: time.Unix(1<<33, 0)}},
		"since after until":    {q: task.Query{Since: firstDay.Add(time.Hour), Until: firstDay}},
		"behind the newest":    {q: task.Query{After: task.CursorAt(task.Position{0xff})}, scan: true},
	} {
		t.Run(name, func(t *testing.T) {
			p, err := newPlan(&c.q)
			require.NoError(t, err)
			require.Equal(t, c.scan, p.scan)
			require.Len(t, p.prefixes, c.runs)
			for _, prefix := range p.prefixes {
				require.Len(t, prefix, indexPrefixSize)
				require.Equal(t, indexKind|byte(c.by), prefix[0])
			}
		})
	}
}

func TestSpan(t *testing.T) {
	at := firstDay.Add(time.Hour)
	second := sample(7, at, "backup", "root", task.OK).UPID.Position()
	for name, c := range map[string]struct {
		q      task.Query
		within bool
	}{
		"all":                        {task.Query{}, true},
		"since the second":           {task.Query{Since: at}, true},
		"since a moment later":       {task.Query{Since: at.Add(1)}, false},
		"since a moment before":      {task.Query{Since: at.Add(-1)}, true},
		"since 1900":                 {task.Query{Since: time.Unix(-1<<31, 0)}, true},
		"until the second":           {task.Query{Until: at}, false},
		"until a moment later":       {task.Query{Until: at.Add(1)}, true},
		"until the year 2200":        {task.Query{Until: time.Unix(1<<33, 0)}, true},
		"behind itself":              {task.Query{After: task.CursorAt(second)}, false},
		"behind a newer one":         {task.Query{After: task.CursorAt(sample(8, at, "backup", "root", task.OK).UPID.Position())}, true},
		"behind an older one":        {task.Query{After: task.CursorAt(sample(6, at, "backup", "root", task.OK).UPID.Position())}, false},
		"cursor older than until":    {task.Query{After: task.CursorAt(second), Until: at.Add(time.Hour)}, false},
		"cursor newer than until":    {task.Query{After: task.CursorAt(task.Position{0xff}), Until: at}, false},
		"behind the oldest, or none": {task.Query{After: task.CursorAt(task.Position{28: 1})}, false},
	} {
		t.Run(name, func(t *testing.T) {
			s, err := newSpan(&c.q)
			require.NoError(t, err)
			v := invert(second)
			require.Equal(t, c.within, !s.empty() && string(s.first[:]) <= string(v[:]) && string(v[:]) <= string(s.last[:]))
		})
	}
}

// Values that stand side by side must not be taken for others that are cut elsewhere.
func TestIndexPrefixesAreUnambiguous(t *testing.T) {
	seen := map[string]values{}
	for a := attributes(1); a <= allAttributes; a++ {
		for _, v := range []values{{"a", "b", "c"}, {"ab", "", "c"}, {"a", "bc", ""}, {"", "ab", "c"}, {"", "", "abc"}} {
			used := v
			if a&byType == 0 {
				used.kind = "-"
			}
			if a&byUser == 0 {
				used.user = "-"
			}
			if a&bySubject == 0 {
				used.subject = "-"
			}
			prefix := string(a.indexPrefix(v, 1))
			if before, ok := seen[prefix]; ok {
				require.Equal(t, before, used)
			}
			seen[prefix] = used
		}
	}
}
