package main

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestARemovedSnapshotComesBack(t *testing.T) {
	c := withBackup(t)
	c.now = c.now.Add(time.Hour)
	c.must("forget", wwwAddress, "--reason", "a mistake\n")
	require.Equal(t, "SNAPSHOT  TAKEN  SIZE  MODE  JOB  GENERATION  COMPLETE  VERIFIED  HELD\n", c.must("snapshots"))
	require.Regexp(t, `^SNAPSHOT +TAKEN +SIZE +REMOVED +REASON\n`+wwwAddress+
		` +2026-11-22 03:00:00 CET +195 KiB +2026-11-22 04:00:00 CET +a mistake\\n\n$`, c.must("snapshots", "--pruned"))
	gone := c.onlySnapshot("--pruned", "--name", "www")
	require.Equal(t, "2026-11-22T03:00:00.000Z", gone.Pruned.Time)
	require.Equal(t, "a mistake\n", gone.Pruned.Reason)
	require.Equal(t, "[]\n", c.must("snapshots", "--pruned", "--name", "other", "--json"))

	require.Equal(t, "brought back "+wwwAddress+"\n", c.must("undelete", "dataset/www/latest"))
	require.Equal(t, "[]\n", c.must("snapshots", "--pruned", "--json"))
	back := c.onlySnapshot()
	require.Equal(t, wwwAddress, back.Snapshot)
	require.Nil(t, back.Pruned)
	c.must("gc")
	c.must("verify")
	require.Equal(t, "<p>hello</p>\n", c.must("cat", wwwAddress, "index.html"))
}

func TestWhatDoesNotComeBack(t *testing.T) {
	const list = "; list them with: heirloom snapshots (--pruned: those that were removed)\n"
	const absent = "heirloom undelete: find pruned snapshot " + wwwAddress + ": no such snapshot that was removed, or a gc has freed what it needs" + list
	tests := map[string]struct {
		before func(*cli)
		want   string
	}{
		"is there":        {func(*cli) {}, absent},
		"is back already": {func(c *cli) { c.must("forget", wwwAddress); c.must("undelete", wwwAddress) }, absent},
		"was collected":   {func(c *cli) { c.must("forget", wwwAddress); c.must("gc") }, absent},
		"has a successor": {func(c *cli) { c.must("forget", wwwAddress); c.must("backup", "DIR/www") },
			"heirloom undelete: undelete " + wwwAddress + ": a snapshot with this address exists; see what took its place with: heirloom snapshots\n"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			c := withBackup(t)
			test.before(c)
			require.Equal(t, outcome{status: int(statusFailed), stderr: test.want}, c.run("undelete", wwwAddress))
		})
	}
}
