package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/datastore"
	"github.com/heirloom-backup/heirloom/datastore/prune"
)

// withNights returns a command line whose store has snapshots of five nights, from Sunday on, and one of a weekly job.
func withNights(t *testing.T) *cli {
	t.Helper()
	c := newCLI(t)
	c.must("init")
	for night := range 5 {
		c.file("www/day", fmt.Sprint(night)+noise(20_000)[night*1000:])
		c.must("backup", "DIR/www", "--job", "nightly")
		c.now = c.now.AddDate(0, 0, 1)
	}
	c.must("backup", "DIR/www", "--job", "weekly")
	return c
}

func night(day int) string { return fmt.Sprintf("dataset/www/2026-11-%dT02:00:00.000Z", day) }

// pruneReport is part of what prune --json says.
type pruneReport struct {
	Simulated     bool
	Removed, Kept []string
	Snapshots     []struct {
		Snapshot string
		Keep     bool
		Reasons  []string
	}
	BytesFreed *int64 `json:"bytes_freed"`
	Warnings   []struct{ Path, Reason string }
	Plan       json.RawMessage
}

func TestPrune(t *testing.T) {
	c := withNights(t)
	before := c.stored()
	var simulated, done pruneReport
	c.decode(statusOK, &simulated, "prune", "--keep", "keep-daily=2, keep-weekly=1", "--simulate")
	require.True(t, simulated.Simulated)
	require.Equal(t, []string{night(24), night(23)}, simulated.Removed)
	require.Equal(t, []string{night(26), night(25), night(22), night(27)}, simulated.Kept)
	require.Len(t, simulated.Snapshots, 6)
	require.Equal(t, []string{"keep-weekly"}, simulated.Snapshots[4].Reasons)
	require.Equal(t, []string{"same-period"}, simulated.Snapshots[2].Reasons)
	require.Equal(t, before, c.stored(), "nothing was removed")

	c.decode(statusOK, &done, "prune", "--keep", "keep-daily=2, keep-weekly=1")
	require.False(t, done.Simulated)
	require.Nil(t, done.BytesFreed)
	require.Nil(t, done.Plan)
	require.Equal(t, [][]string{simulated.Removed, simulated.Kept}, [][]string{done.Removed, done.Kept})
	require.Equal(t, simulated.Snapshots, done.Snapshots)
	var gc collected
	c.decode(statusOK, &gc, "gc")
	require.Positive(t, gc.BytesFreed)
	require.Equal(t, *simulated.BytesFreed, gc.BytesFreed, "foreseen to the byte")
	c.must("verify")
}

func TestPruneTellsPeople(t *testing.T) {
	c := withNights(t)
	const table = "dataset/www (job nightly)\n" +
		"  TIME                      PLAN    WHY\n" +
		"  Thu 2026-11-26 02:00 UTC  keep    keep-last #1\n" +
		"  Wed 2026-11-25 02:00 UTC  remove  older than all windows\n" +
		"  Tue 2026-11-24 02:00 UTC  remove  older than all windows\n" +
		"  Mon 2026-11-23 02:00 UTC  remove  older than all windows\n" +
		"  Sun 2026-11-22 02:00 UTC  keep    held: audit\n\n"
	c.must("hold", night(22), "--reason", "audit")
	got := c.must("prune", "--keep", "keep-last=1", "--job", "nightly", "--simulate", "--quiet")
	require.True(t, strings.HasPrefix(got, table), got)
	require.Regexp(t, `\nwould remove 3 of 5 snapshots; a gc after that would free \d+ KiB: \d packs with \d+ chunks\n$`, got)
	require.Equal(t, table+"removed 3 of 5 snapshots; free their space with: heirloom gc\n", c.must("prune", "--keep", "keep-last=1", "--job", "nightly"))
	got = c.must("prune", "--keep", "keep-last=1", "--job", "nightly")
	require.True(t, strings.HasSuffix(got, "\n\nremoved 0 of 2 snapshots\n"), got)
	require.Empty(t, c.must("prune", "--keep", "keep-last=1", "--quiet"))
	var gone []listedSnapshot
	c.decode(statusOK, &gone, "snapshots", "--pruned")
	require.Len(t, gone, 3)
	require.Equal(t, "prune keep-last=1: older than all windows", gone[0].Pruned.Reason)
}

func TestPruneInAZone(t *testing.T) {
	c := withNights(t)
	require.Contains(t, c.must("prune", "--keep", "keep-last=9", "--simulate", "--tz", "Asia/Tokyo"), "  Thu 2026-11-26 11:00 JST  keep")
}

func TestPruneChooses(t *testing.T) {
	c := withNights(t)
	for flags, want := range map[string]int{
		"":                            4,
		"--job weekly":                0,
		"--job nightly":               4,
		"--name www --namespace=":     4,
		"--name other":                0,
		"--namespace prod":            0,
		"--max-remove 80":             4,
		"--independent --job=nightly": 4,
	} {
		var got pruneReport
		c.decode(statusOK, &got, append([]string{"prune", "--simulate", "--keep", "keep-last=1"}, strings.Fields(flags)...)...)
		require.Len(t, got.Removed, want, flags)
	}
}

func TestPruneRefusesToRemoveTooMuch(t *testing.T) {
	c := withNights(t)
	before := c.stored()
	require.Equal(t, outcome{status: int(statusFailed), stderr: "heirloom prune: prune: too many snapshots would go: 4 of 5 snapshots of " +
		"dataset/www (job nightly) would go (80 %), the limit is 50 %; look at it with --simulate; if it is meant, give a higher --max-remove\n"},
		c.run("prune", "--keep", "keep-last=1", "--max-remove", "50"))
	require.Equal(t, before, c.stored())
	var got pruneReport
	c.decode(statusWarnings, &got, "prune", "--keep", "keep-last=1", "--max-remove", "50", "--simulate")
	require.Equal(t, "dataset/www (job nightly)", got.Warnings[0].Path)
	require.Equal(t, "4 of 5 would go, more than 50 percent: prune will refuse", got.Warnings[0].Reason)
	require.Equal(t, before, c.stored())
}

func TestPruneCarriesOutAPlanThatWasKept(t *testing.T) {
	for name, keep := range map[string]func(document string, plan json.RawMessage) string{
		"the document": func(document string, _ json.RawMessage) string { return document },
		"the plan":     func(_ string, plan json.RawMessage) string { return string(plan) },
	} {
		t.Run(name, func(t *testing.T) {
			c := withNights(t)
			document := c.must("prune", "--keep", "keep-last=2", "--simulate", "--json")
			var simulated, done pruneReport
			require.NoError(t, json.Unmarshal([]byte(document), &simulated))
			c.stdin = keep(document, simulated.Plan)
			require.Contains(t, c.must("prune", "--apply", "-", "--simulate"), "would remove 3 of 6 snapshots; a gc after that would free")
			c.decode(statusOK, &done, "prune", "--apply", "-", "--max-remove", "60")
			require.Equal(t, simulated.Removed, done.Removed)
			stale := c.run("prune", "--apply", "-")
			require.Equal(t, int(statusFailed), stale.status)
			require.Contains(t, stale.stderr, datastore.ErrStalePlan.Error())
			require.Contains(t, stale.stderr, "; make a new one, look at it, and apply that\n")
		})
	}
}

func TestPruneRefusesAPlanThatDoesNotFit(t *testing.T) {
	c := withNights(t)
	document := c.must("prune", "--keep", "keep-last=2", "--simulate", "--json")
	c.must("init", "--store", "DIR/other")
	c.file("other.json", c.must("prune", "--keep", "keep-last=2", "--simulate", "--json", "--store", "DIR/other"))
	c.file("nothing", "")
	c.file("cut", document[:len(document)-20])
	c.file("gc", c.must("gc", "--plan", "--json"))
	c.file("null", `{"plan": null}`)
	c.file("kept", strings.Replace(document, `"`+night(24)+`",`, "", 1))
	c.file("turned", strings.ReplaceAll(document, `"keep": false`, `"keep": true`))
	before := c.stored()
	const next = "; make one with: heirloom prune --simulate --json\n"
	edited := prune.ErrEdited.Error() + "; make a new plan with what is meant: heirloom prune --simulate --json\n"
	for file, want := range map[string]string{
		"none":       "no such file or directory\n",
		"store":      "is a directory\n",
		"nothing":    next,
		"cut":        next,
		"gc":         next,
		"null":       next,
		"other.json": "the plan was made for another store: ",
		"kept":       edited,
		"turned":     edited,
	} {
		got := c.run("prune", "--apply", "DIR/"+file)
		require.Equal(t, int(statusFailed), got.status, "%s: %+v", file, got)
		require.Contains(t, got.stderr, want, file)
		require.Equal(t, 1, strings.Count(got.stderr, "\n"), got.stderr)
		require.Empty(t, got.stdout, file)
		require.Equal(t, before, c.stored(), file)
	}
}

func TestPruneRefusesYesterdaysPlan(t *testing.T) {
	c := withNights(t)
	c.stdin = c.must("prune", "--keep", "keep-last=2", "--simulate", "--json")
	c.now = c.now.AddDate(0, 0, 1)
	c.must("backup", "DIR/www", "--job", "nightly")
	before := c.stored()
	got := c.run("prune", "--apply", "-")
	require.Equal(t, outcome{status: int(statusFailed), stderr: got.stderr}, got)
	require.Regexp(t, "^heirloom prune: .*"+datastore.ErrStalePlan.Error()+", at 2026-11-27T02:00:00Z.*; make a new one, look at it, and apply that\n$", got.stderr)
	require.Equal(t, before, c.stored())
}

func TestPruneNamesDamage(t *testing.T) {
	c := withNights(t)
	c.must("backup", "DIR/www", "--name", "other")
	c.lose("dataset/other/", func(path string) error { return os.WriteFile(path, []byte("{}\n"), 0o600) })
	got := c.run("prune", "--keep", "keep-last=1")
	require.Equal(t, int(statusDamage), got.status)
	require.Contains(t, got.stderr, "damage: snapshots/dataset/other/")
	require.Contains(t, got.stdout, "removed 4 of 6 snapshots")
}

func TestWhatIsHeldMeanwhileIsLeft(t *testing.T) {
	address, err := datastore.ParseAddress(night(22))
	require.NoError(t, err)
	r := &pruneRun{
		plan: &prune.Plan{Zone: "UTC", Series: []prune.Series{{Group: "dataset/www", Job: "nightly", Decisions: []prune.Decision{
			{Snapshot: night(23), Time: time.Date(2026, 11, 23, 2, 0, 0, 0, time.UTC)}, {Snapshot: night(22)}}}}},
		result: &prune.Result{Removed: []datastore.Address{{}}, Left: []*datastore.HeldError{{Snapshot: address, Hold: datastore.Hold{Reason: "audit"}}}},
	}
	p, stdout, stderr := reporter(true)
	require.Equal(t, statusWarnings, p.reportPrune(r, 0))
	require.Equal(t, "warning: "+night(22)+": not removed, held meanwhile: audit\n", stderr.String())
	var document pruneReport
	require.NoError(t, json.Unmarshal(stdout.Bytes(), &document))
	require.Equal(t, []string{night(23)}, document.Removed)
	require.Equal(t, []string{night(22)}, document.Kept)
	require.Len(t, document.Warnings, 1)
}

func FuzzDecodePrune(f *testing.F) {
	f.Add(`{"version": 1, "store": "s", "made": "2026-11-22T02:00:00Z", "policy": "keep-last=1", "zone": "UTC", "scope": {}, "series": []}`)
	f.Add(`{"removed": ["dataset/www/2026-11-22T02:00:00.000Z"], "plan": {"version": 1}}`)
	f.Add(`{"plan": null}`)
	f.Fuzz(func(t *testing.T, text string) {
		plan, err := decodePrune([]byte(text))
		if err != nil {
			require.True(t, errors.Is(err, prune.ErrNotAPlan) || errors.Is(err, prune.ErrEdited), err)
			return
		}
		data, err := json.Marshal(plan)
		require.NoError(t, err)
		again, err := decodePrune(data)
		require.NoError(t, err)
		require.Equal(t, plan, again)
	})
}
