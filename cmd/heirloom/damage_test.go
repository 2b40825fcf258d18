package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// flip changes one byte in the middle of each pack that holds content.
func (c *cli) flipContent() {
	c.t.Helper()
	for _, name := range c.stored() {
		path := filepath.Join(c.dir, "store", name)
		data, err := os.ReadFile(path)
		require.NoError(c.t, err)
		at := strings.Index(string(data), "marker")
		if at < 0 {
			continue
		}
		data[at] ^= 1
		require.NoError(c.t, os.Chmod(path, 0o600))
		require.NoError(c.t, os.WriteFile(path, data, 0o600))
	}
}

// damagedStore has a snapshot of two files, of which "bad" is damaged. It is too short to be cut, wherever a store cuts. What lies in its pack is not compressed, since it
// cannot be: so the damage hits just the one chunk's bytes.
func damagedStore(t *testing.T) *cli {
	t.Helper()
	c := newCLI(t)
	c.file("www/bad", "marker"+noise(10_000))
	c.file("www/good", "good")
	c.must("init")
	c.must("backup", "DIR/www", "--exclude", "good")
	c.must("backup", "DIR/www")
	c.flipContent()
	return c
}

// noise returns text that does not compress, and always the same.
func noise(n int) string {
	b := make([]byte, n)
	x := uint64(88172645463325252)
	for i := range b {
		x ^= x << 13
		x ^= x >> 7
		x ^= x << 17
		b[i] = byte(x)
	}
	return string(b)
}

func TestDamageIsFoundAndNamed(t *testing.T) {
	c := damagedStore(t)
	var results []struct {
		Snapshot, Result string
		Damage           []struct {
			Path, Chunk, Reason string
			Offset, Length      int64
		}
	}
	c.decode(statusDamage, &results, "verify", "dataset/www/latest")
	require.Len(t, results, 1)
	require.Equal(t, "CORRUPT", results[0].Result)
	require.Len(t, results[0].Damage, 1)
	damage := results[0].Damage[0]
	require.Equal(t, "bad", damage.Path)
	require.Zero(t, damage.Offset)
	require.EqualValues(t, 10_006, damage.Length)
	require.Len(t, damage.Chunk, 64)
	require.NotEmpty(t, damage.Reason)

	got := c.run("verify")
	require.Equal(t, int(statusDamage), got.status)
	require.Contains(t, got.stderr, "damage: "+results[0].Snapshot+": bad: 10006 bytes at offset 0: ")
	require.Contains(t, got.stdout, "CORRUPT")
	quiet := c.run("verify", "--quiet")
	require.Equal(t, outcome{int(statusDamage), "", quiet.stderr}, quiet)
	require.Contains(t, quiet.stderr, "damage: ")

	var list []struct{ Verified struct{ Result string } }
	c.decode(statusOK, &list, "snapshots")
	require.Equal(t, "CORRUPT", list[0].Verified.Result)
}

func TestDamageIsNotRestoredAsGood(t *testing.T) {
	c := damagedStore(t)
	got := c.run("restore", "dataset/www/latest", "DIR/back")
	require.Equal(t, int(statusDamage), got.status, got.stderr)
	require.Contains(t, got.stderr, "heirloom restore --salvage")
	require.NoFileExists(t, filepath.Join(c.dir, "back/bad"))
	require.Equal(t, int(statusDamage), c.run("cat", "dataset/www/latest", "bad").status)
}

func TestSalvage(t *testing.T) {
	c := damagedStore(t)
	got := c.run("restore", "--salvage", "dataset/www/latest", "DIR/back")
	require.Equal(t, int(statusDamage), got.status)
	require.Contains(t, got.stderr, "damage: bad: 10006 bytes at offset 0: CORRUPT\n")
	good, err := os.ReadFile(filepath.Join(c.dir, "back/good"))
	require.NoError(t, err)
	require.Equal(t, "good", string(good))
	bad, err := os.ReadFile(filepath.Join(c.dir, "back/bad"))
	require.NoError(t, err)
	require.Equal(t, make([]byte, 10_006), bad)
}

func TestDamagedManifestHidesNoOther(t *testing.T) {
	c := withBackup(t)
	c.must("backup", "DIR/www", "--name", "other")
	for _, name := range c.stored() {
		if strings.HasPrefix(name, "snapshots/dataset/other/") && strings.HasSuffix(name, ".json") {
			require.NoError(t, os.WriteFile(filepath.Join(c.dir, "store", name), []byte("{}\n"), 0o600))
		}
	}
	got := c.run("snapshots")
	require.Equal(t, int(statusDamage), got.status)
	require.Contains(t, got.stdout, wwwAddress)
	require.Contains(t, got.stderr, "snapshots/dataset/other/")
}
