package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// lose changes the manifests below a folder of the store behind its back.
func (c *cli) lose(folder string, change func(path string) error) {
	c.t.Helper()
	for _, name := range c.stored() {
		if strings.HasPrefix(name, "snapshots/"+folder) && strings.HasSuffix(name, ".json") {
			require.NoError(c.t, change(filepath.Join(c.dir, "store", name)))
		}
	}
}

// withVanished returns a command line whose store has the snapshot of www and has lost that of other.
func withVanished(t *testing.T) *cli {
	t.Helper()
	c := withBackup(t)
	c.file("other/o", "o"+noise(9_000))
	c.must("backup", "DIR/other")
	c.lose("dataset/other/", os.Remove)
	return c
}

const (
	otherAddress = "dataset/other/2026-11-22T02:00:00.000Z"
	vanished     = "snapshot " + otherAddress + " has vanished: its manifest is gone and nobody removed it; " +
		"bring it back with: heirloom undelete ADDRESS, or accept the loss with: heirloom forget ADDRESS\n"
)

func TestAVanishedSnapshotIsMissed(t *testing.T) {
	c := withVanished(t)
	for command, want := range map[string]string{
		"snapshots":                    "heirloom snapshots: " + vanished,
		"snapshots --json --quiet":     "heirloom snapshots: " + vanished,
		"snapshots --name other":       "heirloom snapshots: " + vanished,
		"snapshots --job nightly":      "heirloom snapshots: " + vanished,
		"snapshots --namespace=":       "heirloom snapshots: " + vanished,
		"snapshots --name www":         "",
		"snapshots --namespace else":   "",
		"snapshots --pruned":           "",
		"stats":                        "heirloom stats: " + vanished,
		"gc":                           "see which it is with: heirloom snapshots\n",
		"gc --plan":                    "see which it is with: heirloom snapshots\n",
		"prune --keep keep-last=1":     "damage: snapshots/dataset/other/",
		"undelete dataset/none/latest": "no such snapshot",
	} {
		got := c.run(strings.Fields(command)...)
		if want == "" {
			require.Equal(t, outcome{status: int(statusOK), stdout: got.stdout}, got, command)
			continue
		}
		require.Contains(t, got.stderr, want, command)
		if command != "undelete dataset/none/latest" {
			require.Equal(t, int(statusDamage), got.status, command)
		}
	}
	require.Contains(t, c.run("snapshots").stdout, wwwAddress, "it hides no other")
	require.Contains(t, c.run("stats").stdout, "SNAPSHOTS")
}

func TestAVanishedSnapshotComesBack(t *testing.T) {
	c := withVanished(t)
	require.Equal(t, "brought back "+otherAddress+"\n", c.must("undelete", otherAddress))
	c.must("snapshots")
	c.must("stats")
	c.must("gc")
	require.Equal(t, "o", c.must("cat", otherAddress, "o")[:1])
}

func TestTheLossOfAVanishedSnapshotIsAccepted(t *testing.T) {
	c := withVanished(t)
	absent := c.run("forget", "dataset/other/latest")
	require.Equal(t, int(statusFailed), absent.status, "which one is to be said")
	require.Equal(t, otherAddress+" had vanished: its loss is accepted and recorded\n", c.must("forget", otherAddress))
	c.must("snapshots")
	c.must("stats")
	require.Regexp(t, `^freed [89]\.\d KiB: `, c.must("gc"))

	again := withVanished(t)
	var report struct {
		Snapshot, Reason string
		Vanished         bool
	}
	again.decode(statusOK, &report, "forget", otherAddress, "--reason", "disk broke")
	require.Equal(t, otherAddress, report.Snapshot)
	require.Equal(t, "disk broke", report.Reason)
	require.True(t, report.Vanished)
}

func TestADamagedManifestIsNamedOnce(t *testing.T) {
	c := withBackup(t)
	c.now = c.now.Add(time.Hour)
	c.must("backup", "DIR/www", "--name", "other")
	c.lose("dataset/other/", func(path string) error { return os.WriteFile(path, []byte("{}\n"), 0o600) })
	for _, command := range []string{"snapshots", "stats"} {
		got := c.run(command)
		require.Equal(t, int(statusDamage), got.status)
		require.Equal(t, 1, strings.Count(got.stderr, "snapshots/dataset/other/"), got.stderr)
		require.NotContains(t, got.stderr, "vanished")
	}
}
