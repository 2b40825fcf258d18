package main

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/datastore"
)

func TestLongPlanIsCutForPeople(t *testing.T) {
	plan := &datastore.CollectionPlan{PacksRemoved: 1022, ChunksRemoved: 7, BytesRemoved: 3 << 20, BytesCopied: 1 << 20, SessionsAwaited: 2}
	for i := range int64(1022) {
		plan.Packs = append(plan.Packs, datastore.CondemnedPack{Pack: fmt.Sprint("pack", i), Bytes: i})
	}
	p, stdout, _ := reporter(false)
	require.NoError(t, p.showCollectionPlan(plan))
	lines := strings.Split(strings.TrimSpace(stdout.String()), "\n")
	require.Len(t, lines, 1+packsShown+3)
	require.Contains(t, lines[1], "pack1021", "what frees most is first")
	require.Equal(t, []string{"and 1,002 more; --json lists all",
		"would free 2.0 MiB: 1,022 packs with 7 chunks (3.0 MiB removed, 1.0 MiB copied because it is needed)",
		"not before all have ended that run now: 2 backups"}, lines[1+packsShown:])
}

func TestGCCarriesOutAPlanThatWasKept(t *testing.T) {
	c := withWaste(t)
	_, before := c.packed()
	c.stdin = c.must("gc", "--plan", "--json")
	var plan datastore.CollectionPlan
	require.NoError(t, json.Unmarshal([]byte(c.stdin), &plan))
	var got collected
	c.decode(statusOK, &got, "gc", "--apply", "-")
	require.Equal(t, plan.BytesFreed, got.BytesFreed)
	_, after := c.packed()
	require.Equal(t, before-got.BytesFreed, after)
}

func TestGCRefusesAPlanThatDoesNotFit(t *testing.T) {
	c := withWaste(t)
	plan := c.must("gc", "--plan", "--json")
	c.must("init", "--store", "DIR/other")
	const next = "; make one with: heirloom gc --plan --json\n"
	c.file("other.json", c.must("gc", "--plan", "--json", "--store", "DIR/other"))
	c.file("nothing", "")
	c.file("cut", plan[:len(plan)/2])
	c.file("twice", plan+plan)
	c.file("array", "[]")
	c.file("null", "null")
	c.file("more", strings.Replace(plan, `"store"`, `"except": [], "store"`, 1))
	c.file("empty", "{}")
	c.file("same", `{"store": "s", "state": "d", "made": "2026-11-22T02:00:00Z", "packs": [{"pack": "p"}, {"pack": "p"}]}`)
	c.file("collected", c.must("gc", "--plan", "--store", "DIR/other", "--json")[:1]+`"packs_removed": 0}`)
	before := c.stored()
	tests := map[string]struct{ file, want string }{
		"absent":            {"none", "heirloom gc: read plan DIR/none: open DIR/none: no such file or directory\n"},
		"a folder":          {"store", next},
		"empty file":        {"nothing", next},
		"cut off":           {"cut", next},
		"two":               {"twice", "not a plan of a gc: more follows after its end" + next},
		"an array":          {"array", next},
		"null":              {"null", "it does not say of which store, or when" + next},
		"an unknown member": {"more", `unknown field "except"` + next},
		"a pack twice":      {"same", `pack "p" is in it twice` + next},
		"an empty object":   {"empty", "it does not say of which store, or when" + next},
		"a run's document":  {"collected", next},
		"of another store":  {"other.json", "the plan was made for another store: it is of "},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got := c.run("gc", "--apply", "DIR/"+test.file)
			require.Equal(t, int(statusFailed), got.status, "%+v", got)
			require.Empty(t, got.stdout)
			require.Contains(t, got.stderr, test.want)
			require.Equal(t, 1, strings.Count(got.stderr, "\n"))
			require.Equal(t, before, c.stored())
		})
	}
}

func TestGCRefusesAStalePlan(t *testing.T) {
	c := withWaste(t)
	c.file("plan", c.must("gc", "--plan", "--json"))
	c.must("undelete", wasteAddress)
	before := c.stored()
	got := c.run("gc", "--apply", "DIR/plan")
	require.Equal(t, outcome{status: int(statusFailed), stderr: "heirloom gc: collect: the store has changed since the plan was made, " +
		"at 2026-11-22T03:00:00Z: snapshots came or went; make a new one, look at it, and apply that\n"}, got)
	require.Equal(t, before, c.stored())
	c.must("verify")
}

func FuzzReadCollectionPlan(f *testing.F) {
	f.Add(`{"store": "s", "state": "d", "made": "2026-11-22T02:00:00Z", "packs": [{"pack": "p", "bytes": 1, "needed": 0, "reason": "r"}]}`)
	f.Add(`{"store": "s", "state": "d", "made": "2026-11-22T02:00:00Z", "packs": null} {}`)
	f.Add(`null`)
	f.Fuzz(func(t *testing.T, text string) {
		p := &program{environment: environment{Stdin: strings.NewReader(text)}}
		plan, err := p.readCollectionPlan(t.Context(), "-")
		if err != nil {
			require.ErrorIs(t, err, errNoPlan)
			return
		}
		require.NotEmpty(t, plan.Store)
		require.NotEmpty(t, plan.State)
	})
}
