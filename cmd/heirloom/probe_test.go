package main

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/datastore/backend"
)

func TestProbe(t *testing.T) {
	c := withBackup(t)
	before := c.stored()
	got := c.must("probe", "--objects", "3")
	require.Contains(t, got, "list after delete")
	require.Contains(t, got, "\nnothing speaks against this storage\n")
	require.Equal(t, before, c.stored(), "nothing is left")

	require.NoError(t, os.Mkdir(filepath.Join(c.dir, "empty"), 0o755))
	c.must("probe", "--store", "DIR/empty")
	require.Equal(t, int(statusFailed), c.run("probe", "--store", "DIR/none").status)
}

func TestProbeThatCannotAsk(t *testing.T) {
	c := withBackup(t)
	require.NoError(t, os.RemoveAll(filepath.Join(c.dir, "store/probe")))
	c.file("store/probe", "in the way")
	got := c.run("probe")
	require.Equal(t, int(statusFailed), got.status)
	require.Empty(t, got.stdout)
	require.Contains(t, got.stderr, "heirloom probe: probe storage ")
}

// unfit is storage with two flaws.
var unfit = &backend.Fitness{Findings: []backend.Finding{
	{Name: "get after put", OK: true, Needed: backend.ForBackup},
	{Name: "list after put", Detail: "a b is missing", Needed: backend.ForCollection},
	{Name: "put if absent", Detail: "both succeeded", Needed: backend.ForBackup},
}}

func TestUnfitStorage(t *testing.T) {
	p, stdout, _ := reporter(false)
	require.NoError(t, p.reportProbe(unfit, 0))
	require.Equal(t, "QUESTION        NEEDED FOR  ANSWER\n"+
		"get after put   backup      as it should be\n"+
		"list after put  collection  a b is missing\n"+
		"put if absent   backup      both succeeded\n", stdout.String())

	p, stdout, _ = reporter(true)
	require.NoError(t, p.reportProbe(unfit, 0))
	var document struct {
		Fit      bool
		Findings []struct {
			Name, Detail, Needed string
			OK                   bool
		}
	}
	require.NoError(t, json.Unmarshal(stdout.Bytes(), &document))
	require.False(t, document.Fit)
	require.Len(t, document.Findings, 3)
	require.True(t, document.Findings[0].OK)
	require.Equal(t, "collection", document.Findings[1].Needed)

	err := unfit.Collectable()
	require.Equal(t, statusFailed, statusOf(t.Context(), &failure{err}))
	require.Contains(t, p.advice(err), "keep the store on storage that does as it should")
}

func TestStoreOnUnfitStorageIsMadeWithAWarning(t *testing.T) {
	for name, reason := range map[string]error{"unfit": unfit.Collectable(), "no answer": errors.New("probe storage: it is away")} {
		t.Run(name, func(t *testing.T) {
			p, stdout, stderr := reporter(true)
			p.storeURL = "/store"
			require.Equal(t, statusWarnings, p.reportCreated(false, reason))
			require.Equal(t, "warning: /store: "+reason.Error()+"; see: heirloom probe\n", stderr.String())
			var document struct {
				Store    string
				Warnings []struct{ Path, Reason string }
			}
			require.NoError(t, json.Unmarshal(stdout.Bytes(), &document))
			require.Equal(t, "/store", document.Store)
			require.Len(t, document.Warnings, 1)
			require.Equal(t, reason.Error(), document.Warnings[0].Reason)
		})
	}
	p, stdout, stderr := reporter(false)
	p.storeURL = "/store"
	require.NoError(t, p.reportCreated(false, nil))
	require.Equal(t, "created a store in /store\n", stdout.String())
	require.Empty(t, stderr.String())
}
