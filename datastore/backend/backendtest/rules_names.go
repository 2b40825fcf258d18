package backendtest

import (
	"slices"
	"strings"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/datastore/backend"
)

var nameRules = []rule[backend.Backend]{
	{"legal names", "Every legal name works and is listed as it was put, letter case included.", legalNames},
	{"illegal names", "A name outside the rules of backend.CheckName fails with ErrBadName everywhere, so that it cannot " +
		"reach outside the storage or be taken for an absent object.", illegalNames},
}

func legalNames(t tester, b backend.Backend) {
	names := []string{
		"0",
		"heirloom.json",
		"UPPER/Mixed/lower",
		"a/b/c/d/e/f/g/h",
		".hidden/..double/...triple",
		"tmp/file.tmp",
		"-dash/_underscore/~tilde/%25percent",
		strings.Repeat("x", 255),
		strings.Repeat("d", 255) + "/" + strings.Repeat("f", 255),
	}
	for i, name := range names {
		put(t, b, name, noise(10, uint64(i)))
	}
	for i, name := range names {
		requireObject(t, b, name, noise(10, uint64(i)))
	}
	slices.Sort(names)
	require.Equal(t, names, list(t, b, ""))
	for _, name := range names {
		require.NoError(t, b.Delete(t.Context(), name))
	}
	require.Empty(t, list(t, b, ""))
}

func illegalNames(t tester, b backend.Backend) {
	for _, name := range []string{
		"", "/", "/a", "a/", "a//b", ".", "..", "../a", "a/..", "a/./b", "a.", "a b", "a\\b", "a\x00b", "ä", "a:b", "+a",
		strings.Repeat("x", 256), "a/" + strings.Repeat("x", 256),
	} {
		require.ErrorIs(t, b.Put(t.Context(), name, nil), backend.ErrBadName, "put %q", name)
		_, err := b.Get(t.Context(), name, 0, -1)
		require.ErrorIs(t, err, backend.ErrBadName, "get %q", name)
		require.ErrorIs(t, b.Delete(t.Context(), name), backend.ErrBadName, "delete %q", name)
	}
	require.Empty(t, list(t, b, ""))
}
