package task

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/task/remedy"
)

func TestQueryMatch(t *testing.T) {
	noon := time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)
	r := &Record{
		UPID:  UPID{Node: "atlas", Start: uint32(noon.Unix()), Type: "backup", ID: "vm/100", Auth: "root@pam"},
		Spec:  Spec{Type: "backup", User: "root@pam", Source: "vm/100", Target: "store/A"},
		State: Failed, Failure: &remedy.Failure{Code: "disk-full", Message: "No space left"},
		Warnings: Warnings{Listed: []Note{{Path: "/etc/Shadow", Reason: "Permission denied"}}},
	}
	for name, c := range map[string]struct {
		query Query
		fits  bool
	}{
		"all":                  {Query{}, true},
		"type":                 {Query{Types: []string{"gc", "backup"}}, true},
		"other type":           {Query{Types: []string{"gc"}}, false},
		"part of a type":       {Query{Types: []string{"back"}}, false},
		"state":                {Query{States: []State{Failed}}, true},
		"other state":          {Query{States: []State{OK, Running}}, false},
		"user":                 {Query{Users: []string{"root@pam"}}, true},
		"other user":           {Query{Users: []string{"root"}}, false},
		"source":               {Query{Subjects: []string{"vm/100"}}, true},
		"target":               {Query{Subjects: []string{"x", "store/A"}}, true},
		"other subject":        {Query{Subjects: []string{"vm/10"}}, false},
		"since, included":      {Query{Since: noon}, true},
		"since, a moment late": {Query{Since: noon.Add(1)}, false},
		"until, excluded":      {Query{Until: noon}, false},
		"until, a moment late": {Query{Until: noon.Add(1)}, true},
		"text in the UPID":     {Query{Text: "ATLAS:"}, true},
		"text in the target":   {Query{Text: "STORE/a"}, true},
		"text in the message":  {Query{Text: "no SPACE"}, true},
		"text in the code":     {Query{Text: "disk-full"}, true},
		"text in a path":       {Query{Text: "shadow"}, true},
		"text in a reason":     {Query{Text: "denied"}, true},
		"other text":           {Query{Text: "tape"}, false},
		"all but one":          {Query{Types: []string{"backup"}, States: []State{Failed}, Users: []string{"bob"}}, false},
	} {
		t.Run(name, func(t *testing.T) {
			require.NoError(t, c.query.Validate())
			require.Equal(t, c.fits, c.query.Match(r))
		})
	}
}

func TestQueryRefused(t *testing.T) {
	noon := time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		query Query
		says  string
	}{
		"negative limit":    {Query{Limit: -1}, "limit -1"},
		"large limit":       {Query{Limit: MaxLimit + 1}, "limit 1001"},
		"too many values":   {Query{Users: make([]string, maxChoices+1)}, "values in one list"},
		"state":             {Query{States: []State{"lost"}}, `state "lost" is none of queued`},
		"until before":      {Query{Since: noon, Until: noon.Add(-1)}, "until is before since"},
		"cursor, too short": {Query{After: "00"}, "cursor"},
		"cursor, no digits": {Query{After: Cursor(strings.Repeat("x", 58))}, "cursor"},
	} {
		t.Run(name, func(t *testing.T) { require.ErrorContains(t, c.query.Validate(), c.says) })
	}
	require.Equal(t, DefaultLimit, (&Query{}).PageSize())
	require.Equal(t, 7, (&Query{Limit: 7}).PageSize())
}

func TestRetention(t *testing.T) {
	now := time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		keep Retention
		age  time.Duration
		n    int
		drop bool
		log  bool // drops the log by itself
	}{
		"all is kept":     {Retention{}, 1000 * time.Hour, 1 << 30, false, false},
		"young":           {Retention{Age: time.Hour}, time.Hour, 1, false, false},
		"old":             {Retention{Age: time.Hour}, time.Hour + 1, 1, true, false},
		"from the future": {Retention{Age: time.Hour}, -time.Hour, 1, false, false},
		"last that stays": {Retention{Count: 3}, 0, 3, false, false},
		"first that goes": {Retention{Count: 3}, 0, 4, true, false},
		"log, old":        {Retention{LogAge: time.Hour}, time.Hour + 1, 1, false, true},
		"log, too many":   {Retention{LogCount: 3}, 0, 4, false, true},
	} {
		t.Run(name, func(t *testing.T) {
			made := now.Add(-c.age)
			require.Equal(t, c.drop, c.keep.Drops(made, c.n, now))
			require.Equal(t, c.log, c.keep.DropsLog(made, c.n, now))
		})
	}
}
