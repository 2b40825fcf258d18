package prune_test

import (
	"encoding/json"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/datastore"
	"github.com/heirloom-backup/heirloom/datastore/prune"
	"github.com/heirloom-backup/heirloom/retention"
)

// The JSON form, as documented: programs rely on it.
func TestJSON(t *testing.T) {
	namespace := "prod"
	plan := prune.Plan{
		Version: prune.Version, Store: "5af3", Made: night(5), Policy: retention.Policy{Daily: 1}, Zone: "Europe/Berlin",
		Scope: prune.Scope{Namespace: &namespace, Kind: datastore.Dataset, Name: "www", Job: "nightly"},
		Series: []prune.Series{{Group: "prod:dataset/www", Job: "nightly", Decisions: []prune.Decision{
			{Snapshot: "prod:dataset/www/2026-11-02T02:00:00.000Z", ID: "b", Time: night(2), Keep: true, Reasons: []string{"held"},
				Why: "held: audit", BytesSource: 7000, Held: "audit", Verified: datastore.OutcomeOK},
			{Snapshot: "prod:dataset/www/2026-11-01T02:00:00.000Z", ID: "a", Time: night(1), Reasons: []string{"unfinished"},
				Why: "unfinished, and not the newest", Unfinished: true},
		}}},
		Problems: []prune.Problem{{Object: "snapshots/prod/dataset/www/x.json", Error: "damaged"}},
	}
	data, err := json.MarshalIndent(plan, "", "  ")
	require.NoError(t, err)
	golden, err := os.ReadFile("testdata/plan.json")
	require.NoError(t, err)
	require.Equal(t, strings.TrimSpace(string(golden)), string(data))
	again, err := prune.Decode(golden)
	require.NoError(t, err)
	require.Equal(t, &plan, again)
}

func TestDecodeRefuses(t *testing.T) {
	golden, err := os.ReadFile("testdata/plan.json")
	require.NoError(t, err)
	for name, c := range map[string]struct{ from, to, want string }{
		"another version":       {`"version": 1`, `"version": 2`, "it has version 2, this program knows version 1"},
		"no store":              {`"5af3"`, `""`, "of which store"},
		"no time":               {`"made": "2026-11-05T02:00:00Z"`, `"made": "0001-01-01T00:00:00Z"`, "of when"},
		"a policy of nothing":   {`"keep-daily=1"`, `""`, "keeps everything"},
		"a policy unknown":      {`"keep-daily=1"`, `"keep-fortnight=1"`, "keep-fortnight"},
		"a zone unknown":        {"Europe/Berlin", "Europe/Bern", "Europe/Bern"},
		"an unknown member":     {`"zone"`, `"except": "www", "zone"`, "except"},
		"an address of another": {`"prod:dataset/www/2026-11-02`, `"prod:dataset/db/2026-11-02`, "prod:dataset/db/2026-11-02"},
		"an address without":    {`2026-11-02T02:00:00.000Z"`, `latest"`, "is not its snapshot"},
		"another time":          {`"time": "2026-11-02T02`, `"time": "2026-11-02T03`, "is not its snapshot"},
		"no address":            {`"prod:dataset/www/2026-11-02T02:00:00.000Z"`, `"x"`, "not a snapshot address"},
		"no group":              {`"group": "prod:dataset/www"`, `"group": "tape/www"`, "tape"},
		"no id":                 {`"id": "b"`, `"id": ""`, "no id of its own"},
		"an id twice":           {`"id": "b"`, `"id": "a"`, "no id of its own"},
		"no reason":             {`"why": "held: audit"`, `"why": ""`, "no reason"},
		"cut":                   {"\n}", "", "unexpected end"},
		"two":                   {"\n}", "\n}{}", "after top-level value"},
	} {
		t.Run(name, func(t *testing.T) {
			text := string(golden)
			require.Contains(t, text, c.from)
			i := strings.LastIndex(text, c.from)
			if c.from != "\n}" {
				i = strings.Index(text, c.from)
			}
			_, err := prune.Decode([]byte(text[:i] + c.to + text[i+len(c.from):]))
			require.ErrorIs(t, err, prune.ErrNotAPlan)
			require.ErrorContains(t, err, c.want)
		})
	}
}

func TestDecodeRefusesASeriesTwice(t *testing.T) {
	plan := prune.Plan{Version: prune.Version, Store: "5af3", Made: night(5), Policy: retention.Policy{Last: 1}, Zone: "UTC",
		Series: []prune.Series{{Group: "dataset/www", Job: "a"}, {Group: "dataset/www", Job: "a"}}}
	data, err := json.Marshal(plan)
	require.NoError(t, err)
	_, err = prune.Decode(data)
	require.ErrorContains(t, err, "twice")
}

// Whatever Decode takes is a plan that can be written, read again, and counted.
func FuzzDecode(f *testing.F) {
	golden, err := os.ReadFile("testdata/plan.json")
	require.NoError(f, err)
	f.Add(golden)
	f.Add([]byte(`{"version":1,"store":"x","made":"2026-11-05T02:00:00+01:00","policy":"keep-last=1","zone":"","scope":{},"series":null}`))
	f.Add([]byte(`null`))
	f.Fuzz(func(t *testing.T, data []byte) {
		plan, err := prune.Decode(data)
		if err != nil {
			require.ErrorIs(t, err, prune.ErrNotAPlan)
			return
		}
		kept, removed := plan.Counts()
		seen := 0
		for d := range plan.Removals() {
			require.False(t, d.Keep)
			seen++
		}
		require.Equal(t, removed, seen)
		require.True(t, plan.Share() >= 0 && plan.Share() <= 100, "%d and %d", kept, removed)
		_, err = time.LoadLocation(plan.Zone)
		require.NoError(t, err)
		written, err := json.Marshal(plan)
		require.NoError(t, err)
		again, err := prune.Decode(written)
		require.NoError(t, err)
		rewritten, err := json.Marshal(again)
		require.NoError(t, err)
		require.JSONEq(t, string(written), string(rewritten))
	})
}
