package datastore_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/heirloom-backup/heirloom/datastore"
)

func TestAddressText(t *testing.T) {
	at := time.Date(2026, 11, 22, 2, 0, 0, 5e6, time.UTC)
	for text, want := range map[string]datastore.Address{
		"prod/db:dataset/www/2026-11-22T02:00:00.005Z": {Group: datastore.Group{Namespace: "prod/db", Kind: "dataset", Name: "www"}, Time: at},
		"image/sda/latest":        {Group: datastore.Group{Kind: "image", Name: "sda"}},
		"vm/a%2Fb%3Ac%25/latest":  {Group: datastore.Group{Kind: "vm", Name: "a/b:c%"}},
		"ns:jail/Ünï code/latest": {Group: datastore.Group{Namespace: "ns", Kind: "jail", Name: "Ünï code"}},
	} {
		t.Run(text, func(t *testing.T) {
			got, err := datastore.ParseAddress(text)
			require.NoError(t, err)
			require.Equal(t, want, got)
			require.Equal(t, text, got.String())
		})
	}
}

func TestAddressInAnotherZone(t *testing.T) {
	a, err := datastore.ParseAddress("image/sda/2026-11-22T03:00:00+01:00")
	require.NoError(t, err)
	require.Equal(t, "image/sda/2026-11-22T02:00:00.000Z", a.String())
}

func TestNotAnAddress(t *testing.T) {
	for name, text := range map[string]string{
		"empty":                 "",
		"no time":               "dataset/www",
		"no name":               "dataset/latest",
		"empty name":            "dataset//latest",
		"unknown kind":          "disk/sda/latest",
		"slash in the name":     "dataset/a/b/latest",
		"colon in the name":     "dataset/a:b/latest",
		"broken escape":         "dataset/a%2/latest",
		"not a time":            "dataset/www/yesterday",
		"finer than 1 ms":       "dataset/www/2026-11-22T02:00:00.0001Z",
		"empty level":           "a//b:dataset/www/latest",
		"parent folder":         "../x:dataset/www/latest",
		"too many levels":       strings.Repeat("a/", 16) + "a:dataset/www/latest",
		"name is too long":      "dataset/" + strings.Repeat("a", 1025) + "/latest",
		"namespace is too long": strings.Repeat("a", 513) + ":dataset/www/latest",
		"NUL":                   "dataset/a\x00/latest",
	} {
		t.Run(name, func(t *testing.T) {
			_, err := datastore.ParseAddress(text)
			require.ErrorIs(t, err, datastore.ErrAddress)
		})
	}
}

func anyAddress(t *rapid.T) datastore.Address {
	level := rapid.StringMatching(`[A-Za-z0-9 ._%~ü-]{0,20}[a-z%]`)
	kind := rapid.SampledFrom([]datastore.Kind{datastore.Dataset, datastore.Image, datastore.Jail, datastore.VM})
	name := rapid.String().Filter(func(s string) bool { return s != "" && len(s) < 1000 && !strings.ContainsRune(s, 0) })
	ms := rapid.Int64Range(0, 4e12).Draw(t, "ms")
	a := datastore.Address{Group: datastore.Group{
		Namespace: strings.Join(rapid.SliceOfN(level, 0, 5).Draw(t, "namespace"), "/"),
		Kind:      kind.Draw(t, "kind"), Name: name.Draw(t, "name"),
	}}
	if ms > 0 {
		a.Time = time.UnixMilli(ms).UTC()
	}
	return a
}

func TestAddressRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := anyAddress(t)
		got, err := datastore.ParseAddress(a.String())
		require.NoError(t, err)
		require.Equal(t, a, got)
		g, err := datastore.ParseGroup(a.Group.String())
		require.NoError(t, err)
		require.Equal(t, a.Group, g)
	})
}

func FuzzParseAddress(f *testing.F) {
	for _, s := range []string{"", "dataset/www/latest", "a/b:vm/x%2Fy/2026-11-22T02:00:00.000Z", "::", "image/%/latest",
		"jail/%00/latest", "dataset/a/0000-01-01T00:00:00Z", "dataset/a/9999-12-31T23:59:59.999-23:59"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		a, err := datastore.ParseAddress(text)
		if err != nil {
			require.ErrorIs(t, err, datastore.ErrAddress)
			return
		}
		again, err := datastore.ParseAddress(a.String())
		require.NoError(t, err)
		require.Equal(t, a, again)
	})
}
