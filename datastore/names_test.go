package datastore

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/heirloom-backup/heirloom/datastore/backend"
)

func TestEscapeLevel(t *testing.T) {
	for in, want := range map[string]string{
		"www":       "www",
		"db-1_a.b":  "db-1_a.b",
		"WWW":       "%57%57%57",
		".":         "%2e",
		"..":        "%2e%2e",
		".hidden":   "%2ehidden",
		"dot.":      "dot%2e",
		"a/b:c":     "a%2fb%3ac",
		"100%":      "100%25",
		"~":         "%7e",
		"ü":         "%c3%bc",
		"\xff\x00":  "%ff%00",
		"two words": "two%20words",
	} {
		require.Equal(t, want, escapeLevel(in), "%q", in)
	}
	long := escapeLevel(strings.Repeat("a", 300))
	require.Len(t, long, cutLevel+1+32)
	require.NotEqual(t, long, escapeLevel(strings.Repeat("a", 301)))
	require.Equal(t, strings.Repeat("a", maxLevel), escapeLevel(strings.Repeat("a", maxLevel)), "just fits")
}

// level draws texts that are likely to collide where escaping is careless.
func level() *rapid.Generator[string] {
	part := rapid.SampledFrom([]string{"a", "A", ".", "%", "2e", "%2e", "~", "/", "é", strings.Repeat("x", 80), strings.Repeat("X", 60)})
	return rapid.Custom(func(t *rapid.T) string { return strings.Join(rapid.SliceOfN(part, 1, 6).Draw(t, "parts"), "") })
}

func TestEscapeLevelIsInjective(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := level().Draw(t, "a"), level().Draw(t, "b")
		x, y := escapeLevel(a), escapeLevel(b)
		require.NoError(t, backend.CheckName(x))
		require.NotContains(t, x, "/")
		require.Equal(t, strings.ToLower(x), x)
		require.Equal(t, a == b, x == y, "%q and %q become %q and %q", a, b, x, y)
	})
}

func TestNamesOfManifests(t *testing.T) {
	g := Group{Namespace: "Prod/db", Kind: Dataset, Name: "www"}
	name := manifestName(g, time.Date(2026, 11, 22, 2, 0, 0, 5e6, time.FixedZone("", 3600)), "1234")
	require.Equal(t, "snapshots/%50rod/db/dataset/www/20261122T010000.005Z-1234.json", name)
	require.Equal(t, "snapshots/%50rod/db/dataset/www/20261122T010000.005Z-1234.ok", promiseName(name))
	require.Equal(t, "pruned/%50rod/db/dataset/www/20261122T010000.005Z-1234.json", prunedName(name))
}

func TestNamesOfPacks(t *testing.T) {
	id := newID()
	require.Len(t, id, 32)
	require.NotEqual(t, id, newID())
	got, ok := packID(packObject(id))
	require.True(t, ok)
	require.Equal(t, id, got)
	for _, object := range []string{"packs/ab", "packs/ab/cd", "packs/abc/abcd", "packs/ab/abc/d", "packs//"} {
		_, ok := packID(object)
		require.False(t, ok, object)
	}
}
