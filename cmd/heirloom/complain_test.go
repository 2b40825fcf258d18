package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/spf13/cobra"
	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/chunk"
	"github.com/heirloom-backup/heirloom/datastore"
	"github.com/heirloom-backup/heirloom/datastore/backend"
	"github.com/heirloom-backup/heirloom/datastore/prune"
	"github.com/heirloom-backup/heirloom/restore"
)

func TestErrorsSayWhatNext(t *testing.T) {
	tests := map[string]struct {
		args []string
		want string
	}{
		"no store": {[]string{"snapshots", "--store", "DIR/none"},
			"heirloom snapshots: DIR/none: open store: there is no heirloom store here; create one with: heirloom init --store DIR/none\n"},
		"an empty folder": {[]string{"snapshots", "--store", "DIR/empty"},
			"heirloom snapshots: DIR/empty: open store: there is no heirloom store here; create one with: heirloom init --store DIR/empty\n"},
		"a file": {[]string{"snapshots", "--store", "DIR/www/index.html"},
			"heirloom snapshots: open store folder DIR/www/index.html: it is a file, not a folder\n"},
		"no such snapshot": {[]string{"ls", "dataset/none/latest"},
			"heirloom ls: find snapshot dataset/none/latest: no such snapshot; list them with: heirloom snapshots (--pruned: those that were removed)\n"},
		"no such file": {[]string{"cat", wwwAddress, "img/none"},
			"heirloom cat: " + wwwAddress + ": \"/img\" has no \"none\": not in the snapshot; list what there is with: heirloom ls\n"},
		"a folder": {[]string{"cat", wwwAddress, "img"},
			"heirloom cat: " + wwwAddress + ": \"img\" is a folder: not a file; name a file of it: heirloom ls lists them\n"},
		"no such source": {[]string{"backup", "DIR/none"}, "heirloom backup: source DIR/none: no such file or directory\n"},
		"its own store":  {[]string{"backup", "DIR/store"}, "heirloom backup: open source DIR/store: it is one of the folders that are never saved, such as the store itself\n"},
		"keys of a plain store": {[]string{"key", "list"},
			"heirloom key list: the store is not encrypted and has no keys; encryption is chosen when a store is made: heirloom init --encrypt\n"},
	}
	c := withBackup(t)
	require.NoError(t, os.Mkdir(filepath.Join(c.dir, "empty"), 0o755))
	before := c.stored()
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			require.Equal(t, outcome{status: int(statusFailed), stderr: test.want}, c.run(test.args...))
			require.Equal(t, before, c.stored(), "nothing half-done is left behind")
		})
	}
}

func TestInitTwice(t *testing.T) {
	c := newCLI(t)
	c.must("init")
	require.Equal(t, outcome{status: int(statusFailed), stderr: "heirloom init: create store: there is a heirloom store here already; " +
		"use it as it is, or choose an empty folder for the new one\n"}, c.run("init"))
}

func TestDestinationInUseIsLeftAlone(t *testing.T) {
	c := withBackup(t)
	mine := c.file("back/mine", "mine")
	got := c.run("restore", wwwAddress, "DIR/back")
	require.Equal(t, int(statusFailed), got.status)
	require.Contains(t, got.stderr, "the destination is not empty")
	require.Contains(t, got.stderr, "; choose another one, or let it be written to with --overwrite, which deletes nothing the snapshot lacks\n")
	left, err := os.ReadDir(filepath.Dir(mine))
	require.NoError(t, err)
	require.Len(t, left, 1)
}

// TestAdvice covers what a test cannot easily make happen.
func TestAdvice(t *testing.T) {
	tests := map[string]struct {
		err    error
		status status
		want   string
	}{
		"wrong passphrase":       {datastore.ErrPassphrase, statusFailed, "check HEIRLOOM_PASSPHRASE"},
		"read-only store":        {backend.ErrReadOnly, statusFailed, "give it a store it may write to"},
		"full disk":              {&fs.PathError{Op: "write", Path: "x", Err: syscall.ENOSPC}, statusFailed, "make room"},
		"no permission":          {&fs.PathError{Op: "open", Path: "x", Err: syscall.EACCES}, statusFailed, "run it as a user who may"},
		"no room at DEST":        {restore.ErrNoSpace, statusFailed, "make room, or give another DEST"},
		"forged":                 {datastore.ErrForged, statusFailed, "do not trust"},
		"no room for a gc":       {fmt.Errorf("collect: %w", syscall.ENOSPC), statusFailed, "make room"},
		"late":                   {datastore.ErrTooLate, statusFailed, "another copy of the store"},
		"address taken":          {datastore.ErrSnapshotExists, statusFailed, "heirloom snapshots"},
		"listings":               {datastore.ErrListing, statusFailed, "nothing was removed.*heirloom probe"},
		"unfit":                  {backend.ErrUnfit, statusFailed, "heirloom probe"},
		"plan of another store":  {datastore.ErrOtherStore, statusFailed, "make a plan of this store"},
		"old plan":               {datastore.ErrStalePlan, statusFailed, "make a new one"},
		"old prune plan":         {&prune.StaleError{New: 1}, statusFailed, "make a new one"},
		"vanished":               {&datastore.VanishedError{Object: "x", Address: datastore.Address{Group: datastore.Group{Kind: datastore.Image, Name: "n"}}}, statusDamage, "heirloom undelete ADDRESS"},
		"vanished, of who knows": {&datastore.VanishedError{Object: "x"}, statusDamage, "heirloom snapshots"},
		"damaged chunk":          {&datastore.ChunkError{ID: chunk.ID{1}, Reason: datastore.Corrupt}, statusDamage, "heirloom verify"},
		"damaged file":           {&restore.DamageError{Err: errors.New("x")}, statusDamage, "--salvage"},
		"damaged manifest":       {&datastore.ManifestError{Err: errors.New("x")}, statusDamage, "heirloom verify"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			var stderr bytes.Buffer
			p := &program{environment: environment{Stderr: &stderr}}
			err := &failure{errors.Join(fmt.Errorf("try: %w", test.err), errors.New("and more"))}
			p.complain(t.Context(), &cobra.Command{Use: "try"}, err)
			require.Regexp(t, "^try: try: [^\n]*; and more; [^\n]*"+test.want+"[^\n]*\n$", stderr.String())
			require.Equal(t, test.status, statusOf(t.Context(), err))
		})
	}
}

func TestCancelled(t *testing.T) {
	stopped, stop := context.WithCancel(t.Context())
	stop()
	var stderr bytes.Buffer
	p := &program{environment: environment{Stderr: &stderr}}
	err := &failure{fmt.Errorf("put pack: %w", context.Canceled)}
	p.complain(stopped, p.backupCommand(), err)
	require.Equal(t, "backup: cancelled; what is stored already is kept, and the next run goes on from there\n", stderr.String())
	require.Equal(t, statusCancelled, statusOf(stopped, err))
	require.Equal(t, statusFailed, statusOf(stopped, &failure{errors.New("disk broke")}), "it failed on its own")
	require.Equal(t, statusFailed, statusOf(t.Context(), err), "nobody wanted it to stop")
}

func TestHostileNamesDoNotReachTheTerminal(t *testing.T) {
	c := withBackup(t)
	got := c.run("cat", wwwAddress, "\x1b[2J\n")
	require.Equal(t, int(statusFailed), got.status)
	require.NotContains(t, got.stderr, "\x1b")
}
