package main

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestAHeldSnapshotStays(t *testing.T) {
	c := withBackup(t)
	require.Equal(t, "holding "+wwwAddress+" until it is released\n", c.must("hold", "dataset/www/latest", "--reason", "audit\tof 2026"))
	require.Regexp(t, `HELD\n.* audit\\tof 2026\n$`, c.must("snapshots"))
	require.Equal(t, outcome{status: int(statusFailed), stderr: "heirloom forget: forget: " + wwwAddress + " is held: audit\\tof 2026; " +
		"end the hold first with: heirloom release ADDRESS\n"}, c.run("forget", wwwAddress))
	require.Equal(t, wwwAddress, c.onlySnapshot().Snapshot)

	require.Equal(t, "released "+wwwAddress+"\n", c.must("release", wwwAddress))
	require.False(t, c.onlySnapshot().Held)
	require.Regexp(t, ` no\n$`, c.must("snapshots"))
	c.must("forget", wwwAddress)
}

// listedSnapshot is part of what snapshots --json says.
type listedSnapshot struct {
	Snapshot string
	Held     bool
	Hold     *struct{ Reason, Until string }
	Pruned   *struct{ Time, Reason string }
}

func (c *cli) onlySnapshot(flags ...string) listedSnapshot {
	c.t.Helper()
	var list []listedSnapshot
	c.decode(statusOK, &list, append([]string{"snapshots"}, flags...)...)
	require.Len(c.t, list, 1)
	return list[0]
}

func TestAHoldEnds(t *testing.T) {
	tests := map[string]struct{ until, want string }{
		"at a time":                      {"2026-11-23T10:00:00+01:00", "2026-11-23T09:00:00.000Z"},
		"with a day of the local zone":   {"2026-11-23", "2026-11-23T23:00:00.000Z"},
		"today":                          {"2026-11-22", "2026-11-22T23:00:00.000Z"},
		"with the last day of the month": {"2026-11-30", "2026-11-30T23:00:00.000Z"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			c := withBackup(t)
			var held struct{ Snapshot, Reason, Until string }
			c.decode(statusOK, &held, "hold", wwwAddress, "--reason", "audit", "--until", test.until)
			require.Equal(t, struct{ Snapshot, Reason, Until string }{wwwAddress, "audit", test.want}, held)
			end, err := time.Parse(time.RFC3339, test.want)
			require.NoError(t, err)

			c.now = end.Add(-time.Second)
			require.Contains(t, c.must("snapshots"), "audit (until "+end.In(time.FixedZone("CET", 3600)).Format("2006-01-02 15:04:05 MST")+")")
			got := c.onlySnapshot()
			require.True(t, got.Held)
			require.Equal(t, test.want, got.Hold.Until)
			require.Equal(t, int(statusFailed), c.run("forget", wwwAddress).status)

			c.now = end
			require.False(t, c.onlySnapshot().Held)
			c.must("forget", wwwAddress)
		})
	}
}

func TestHoldsThatCannotBe(t *testing.T) {
	c := withBackup(t)
	c.now = c.now.Add(time.Hour)
	c.must("backup", "DIR/www")
	c.must("forget", wwwAddress)
	const list = "; list them with: heirloom snapshots (--pruned: those that were removed)\n"
	tests := map[string]struct {
		args []string
		want string
	}{
		"of a snapshot that was removed": {[]string{"hold", wwwAddress, "--reason", "x"},
			"heirloom hold: find snapshot " + wwwAddress + ": no such snapshot" + list},
		"of one that never was": {[]string{"hold", "image/www/latest", "--reason", "x"},
			"heirloom hold: find snapshot image/www/latest: no such snapshot" + list},
		"that is over": {[]string{"hold", "dataset/www/latest", "--reason", "x", "--until", "2026-11-21"},
			"heirloom hold: hold " + wasteAddress + ": the time has passed already: 2026-11-22T00:00:00+01:00; give a later time\n"},
		"that is over now": {[]string{"hold", "dataset/www/latest", "--reason", "x", "--until", "2026-11-22T03:00:00Z"},
			"heirloom hold: hold " + wasteAddress + ": the time has passed already: 2026-11-22T03:00:00Z; give a later time\n"},
		"released, and is not there": {[]string{"release", "dataset/www/latest"},
			"heirloom release: release " + wasteAddress + ": the snapshot is not held; what is held is shown by: heirloom snapshots\n"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			require.Equal(t, outcome{status: int(statusFailed), stderr: test.want}, c.run(test.args...))
			require.False(t, c.onlySnapshot().Held)
		})
	}
}
