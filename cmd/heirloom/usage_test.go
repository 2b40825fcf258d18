package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestWrongUsage(t *testing.T) {
	tests := map[string]struct {
		args string // fields
		want string // part of the one line on stderr
	}{
		"unknown command":            {"bakcup", `heirloom: unknown command "bakcup"`},
		"unknown command of a group": {"key ad", `heirloom key: unknown command "ad"`},
		"group alone":                {"schedule", "heirloom schedule: one of its commands is needed: check, next"},
		"unknown flag":               {"backup --colour x", "heirloom backup: unknown flag: --colour; see: heirloom backup --help"},
		"flag without value":         {"backup x --mode", "flag needs an argument: --mode"},
		"too few arguments":          {"cat dataset/www/latest", "1 arguments do not fit; the form is: heirloom cat ADDRESS PATH"},
		"too many arguments":         {"stats x", "1 arguments do not fit; the form is: heirloom stats"},
		"no store":                   {"snapshots --store=", "no store is named; name it with --store or HEIRLOOM_STORE"},
		"store of another kind":      {"snapshots --store s3://bucket/x", "s3:// is not in this version"},
		"address without time":       {"ls dataset/www", "not a snapshot address"},
		"address of no kind":         {"forget disk/www/latest", `kind "disk" is none of`},
		"one bad address of several": {"verify dataset/www/latest x", `"x": not a snapshot address`},
		"mode":                       {"backup x --mode differential", "neither incremental nor full"},
		"compression":                {"backup x --compression best", "none of fastest, balanced and smaller"},
		"namespace":                  {"backup x --namespace a//b", "--namespace: not a snapshot address"},
		"tag":                        {"backup x --tag colour", `--tag "colour" is not of the form KEY=VALUE`},
		"span":                       {"verify --older-than soon", `"soon" is no span of time like 30d, 2w or 12h`},
		"stream without name":        {"backup -", "give it one with --name"},
		"stream and folder":          {"backup - DIR --name x", "cannot be saved together"},
		"same name twice":            {"backup DIR/a/www DIR/b/www", "two sources have the same base name"},
		"image among folders":        {"backup DIR/a/www DIR/disk", "a disk image is a snapshot of its own"},
		"data and JSON on stdout":    {"restore dataset/www/latest - --json", "name a file to write"},
		"policy":                     {"retention simulate --keep keep-daly=7", `position 1, "keep-daly"`},
		"no policy":                  {"retention simulate", "a policy is needed"},
		"zone":                       {"schedule next --tz Nowhere daily", `--tz "Nowhere" is no time zone`},
		"time":                       {"schedule next --from noon daily", `--from "noon" is no time`},
		"number":                     {"schedule next -n 0 daily", "-n 0 is not at least 1"},
		"expression":                 {"schedule next Foo", `position 1, "Foo"`},
		"cron expression":            {"schedule next --cron daily", "position"},
		"days":                       {"schedule check --days 0 daily", "--days 0 is not between 1 and"},
		"hold without reason":        {"hold dataset/www/latest", "a reason is needed"},
		"hold until nonsense":        {"hold dataset/www/latest --reason x --until soon", `--until "soon" is neither a time`},
		"hold until no day":          {"hold dataset/www/latest --reason x --until 2026-02-30", `--until "2026-02-30" is neither a time`},
		"release of nothing":         {"release", "0 arguments do not fit; the form is: heirloom release ADDRESS"},
		"undelete of no address":     {"undelete www", "not a snapshot address"},
		"plan made and applied":      {"gc --plan --apply x", "--plan changes nothing"},
		"plan and fence":             {"gc --plan --fence", "--plan changes nothing"},
		"gc of something":            {"gc dataset/www/latest", "1 arguments do not fit"},
		"probe of nothing":           {"probe --objects 0", "--objects 0 is not between 1 and"},
		"probe of too much":          {"probe --objects 100001", "--objects 100001 is not between 1 and"},
		"prune without policy":       {"prune", "a policy is needed: --keep"},
		"prune by an empty policy":   {"prune --keep=", `--keep "": position 1: no window`},
		"prune by one of zeros":      {"prune --keep keep-daily=0", `--keep "keep-daily=0": position 1: no window`},
		"prune by nonsense":          {"prune --keep keep-daily=7,keep-daly=3", `position 14, "keep-daly"`},
		"prune in no zone":           {"prune --keep keep-last=1 --tz Nowhere", `--tz "Nowhere" is no time zone`},
		"prune of more than all":     {"prune --keep keep-last=1 --max-remove 101", "--max-remove 101 is not above 0 and up to 100"},
		"prune of none":              {"prune --keep keep-last=1 --max-remove 0", "--max-remove 0 is not above 0 and up to 100"},
		"prune of not a number":      {"prune --keep keep-last=1 --max-remove NaN", "--max-remove NaN is not above 0 and up to 100"},
		"plan applied by a policy":   {"prune --apply x --keep keep-last=1", "--apply goes without --keep"},
		"plan applied to one job":    {"prune --apply x --job night", "--apply goes without --job"},
		"forecast of nothing":        {"retention forecast --keep keep-last=1", "--schedule and --days"},
	}
	c := newCLI(t)
	c.file("a/www/x", "")
	c.file("b/www/x", "")
	c.file("disk", "")
	c.must("init")
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got := c.run(strings.Fields(test.args)...)
			require.Equal(t, int(statusUsage), got.status, "%+v", got)
			require.Empty(t, got.stdout)
			require.Contains(t, got.stderr, test.want)
			require.Equal(t, 1, strings.Count(got.stderr, "\n"), "an error is one line: %s", got.stderr)
		})
	}
}

func TestHelpIsNoError(t *testing.T) {
	c := newCLI(t)
	for _, args := range [][]string{{}, {"--help"}, {"backup", "-h"}, {"help", "key", "add"}} {
		require.Contains(t, c.must(args...), "Usage:")
	}
}
