package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/datastore"
	"github.com/heirloom-backup/heirloom/datastore/backend/dirstore"
)

// withWaste returns a command line whose store has a snapshot of the folder www, and packs that only a removed one needed.
func withWaste(t *testing.T) *cli {
	t.Helper()
	c := withBackup(t)
	c.file("www/waste", noise(50_000))
	c.now = c.now.Add(time.Hour)
	c.must("backup", "DIR/www")
	c.must("forget", wasteAddress)
	return c
}

const wasteAddress = "dataset/www/2026-11-22T03:00:00.000Z"

// packed returns how many packs the store has, and their bytes.
func (c *cli) packed() (packs, bytes int64) {
	c.t.Helper()
	for _, name := range c.stored() {
		if strings.HasPrefix(name, "packs/") {
			info, err := os.Stat(filepath.Join(c.dir, "store", name))
			require.NoError(c.t, err)
			packs, bytes = packs+1, bytes+info.Size()
		}
	}
	return packs, bytes
}

// collected is what gc --json says.
type collected struct {
	PacksRemoved  int64 `json:"packs_removed"`
	ChunksRemoved int64 `json:"chunks_removed"`
	BytesFreed    int64 `json:"bytes_freed"`
	BytesPending  int64 `json:"bytes_pending"`
	Waiting       []struct{ Session, Started, Host string }
	Fenced        []string
	Damaged       []struct{ Chunk, Reason, Pack string }
}

func TestGCFreesWhatThePlanSays(t *testing.T) {
	c := withWaste(t)
	packs, bytes := c.packed()
	var plan datastore.CollectionPlan
	c.decode(statusOK, &plan, "gc", "--plan")
	require.NotEmpty(t, plan.Packs)
	people := c.must("gc", "--plan")
	require.Contains(t, people, plan.Packs[0].Pack)
	require.Contains(t, people, "nothing needs it")
	require.Contains(t, people, fmt.Sprintf("would free %s: %d packs with %d chunks\n", size(plan.BytesFreed), plan.PacksRemoved, plan.ChunksRemoved))

	var got collected
	c.decode(statusOK, &got, "gc")
	packsLeft, bytesLeft := c.packed()
	require.Equal(t, packs-packsLeft, got.PacksRemoved)
	require.Equal(t, bytes-bytesLeft, got.BytesFreed)
	require.Equal(t, collected{PacksRemoved: plan.PacksRemoved, ChunksRemoved: plan.ChunksRemoved, BytesFreed: plan.BytesFreed,
		Waiting: got.Waiting, Fenced: got.Fenced, Damaged: got.Damaged}, got)
	require.Greater(t, got.BytesFreed, int64(50_000))
	require.Equal(t, "freed nothing in 0s\n", c.must("gc"))
	require.Equal(t, "would free nothing\n", c.must("gc", "--plan"))
	c.must("verify")
	require.Equal(t, "<p>hello</p>\n", c.must("cat", wwwAddress, "index.html"))
}

func TestGCTellsPeople(t *testing.T) {
	c := withWaste(t)
	require.Regexp(t, `^freed (49|50) KiB: \d packs with \d+ chunks in 0s\n$`, c.must("gc"))
	require.Empty(t, withWaste(t).must("gc", "--quiet"))
}

// openSession begins a backup that does not end.
func (c *cli) openSession(host string) {
	c.t.Helper()
	b, err := dirstore.Open(filepath.Join(c.dir, "store"), dirstore.Options{})
	require.NoError(c.t, err)
	store, err := datastore.Open(c.t.Context(), b, datastore.Options{Now: func() time.Time { return c.now }})
	require.NoError(c.t, err)
	// The context of a dead process: nothing of it beats, and nothing of it is removed at its end.
	ctx, kill := context.WithCancel(context.Background())
	_, err = store.Begin(ctx, datastore.SessionOptions{Host: host})
	require.NoError(c.t, err)
	kill()
}

func TestGCSaysForWhomItWaits(t *testing.T) {
	c := withWaste(t)
	c.openSession("web\n1")
	require.Contains(t, c.must("gc", "--plan"), "\nnot before all have ended that run now: 1 backup\n")
	_, before := c.packed()
	require.Regexp(t, `^freed nothing in 0s\n(49|50) KiB will be freed by a later gc: a backup that began 2026-11-22 04:00:00 CET on web\\n1 `+
		`has not ended; if it is dead, run: heirloom gc --fence\n$`, c.must("gc"))
	var waiting collected
	c.decode(statusOK, &waiting, "gc")
	require.Greater(t, waiting.BytesPending, int64(50_000))
	require.Zero(t, waiting.BytesFreed)
	require.Len(t, waiting.Waiting, 1)
	require.Equal(t, "2026-11-22T03:00:00.000Z", waiting.Waiting[0].Started)
	require.Equal(t, "web\n1", waiting.Waiting[0].Host)
	_, after := c.packed()
	require.Equal(t, before, after)

	var got collected
	c.decode(statusOK, &got, "gc", "--fence")
	require.Equal(t, []string{waiting.Waiting[0].Session}, got.Fenced)
	require.Equal(t, waiting.BytesPending, got.BytesFreed)
	require.Empty(t, got.Waiting)
	_, after = c.packed()
	require.Equal(t, before-got.BytesFreed, after)
}

func TestWhomPacksWaitFor(t *testing.T) {
	p, _, _ := reporter(false)
	p.Zone = time.UTC
	began := time.Date(2026, 11, 22, 3, 0, 0, 0, time.UTC)
	tests := map[string]struct {
		list []datastore.Waiting
		want string
	}{
		"nobody knows":   {nil, ""},
		"nothing to say": {[]datastore.Waiting{{}}, ": a backup has not ended; if it is dead, run: heirloom gc --fence"},
		"several": {[]datastore.Waiting{{Started: began.Add(1), Host: "b"}, {Started: began, Host: "a"}, {Started: began.Add(2)}},
			": a backup that began 2026-11-22 03:00:00 UTC on a and 2 others have not ended; if they are dead, run: heirloom gc --fence"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) { require.Equal(t, test.want, p.awaited(test.list)) })
	}
}

func TestGCNamesDamageThatItMeets(t *testing.T) {
	c := newCLI(t)
	c.must("init")
	c.file("src/0", "marker"+noise(10_000))
	for i := range 20 { // of so many small packs, gc makes large ones
		c.must("backup", "DIR/src")
		c.file("src/0", fmt.Sprint(i)+noise(10_000)[i*100:])
	}
	c.flipContent()
	got := c.run("gc", "--json")
	require.Equal(t, int(statusDamage), got.status, "%+v", got)
	require.Regexp(t, `damage: chunk [0-9a-f]{64} is CORRUPT in pack [0-9a-f-]+, which stays: it is needed\n`, got.stderr)
	require.Contains(t, got.stderr, "note: next: heirloom verify names the files")
	var document collected
	require.NoError(t, json.Unmarshal([]byte(got.stdout), &document))
	require.Len(t, document.Damaged, 1)
	require.Equal(t, "CORRUPT", document.Damaged[0].Reason)
	require.Equal(t, int(statusDamage), c.run("verify").status, "gc has made it neither better nor worse")
}
