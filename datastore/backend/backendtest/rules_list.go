package backendtest

import (
	"fmt"
	"slices"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/heirloom-backup/heirloom/datastore/backend"
)

var listRules = []rule[backend.Backend]{
	{"list by prefix", "List yields the objects below prefix and no others: \"a/\" has nothing to do with \"ab/x\".",
		listByPrefix},
	{"empty listing", "A prefix without objects lists nothing, without an error.", emptyListing},
	{"bad prefix", "A prefix that is neither empty nor a name with a slash is an error and not an empty listing.", badPrefix},
	{"list everything", "A listing yields each of 2500 objects exactly once, however many pages it takes: an object that " +
		"is left out looks deleted.", listEverything},
	{"delete while listing", "Objects deleted by the loop over a listing make it neither fail nor leave others out.",
		deleteWhileListing},
	{"leaving early", "Breaking out of a listing and closing a reader before its end free everything.", leavingEarly},
	{"list twice", "A listing can be looped over again and is then made anew.", listTwice},
}

func listByPrefix(t tester, b backend.Backend) {
	for _, name := range []string{"a/x", "a/y/z", "ab/x", "a.b/x", "b", "B1/x"} {
		put(t, b, name, []byte(name))
	}
	for prefix, want := range map[string][]string{
		"":     {"B1/x", "a.b/x", "a/x", "a/y/z", "ab/x", "b"},
		"a/":   {"a/x", "a/y/z"},
		"a/y/": {"a/y/z"},
		"ab/":  {"ab/x"},
		"B1/":  {"B1/x"},
	} {
		require.Equal(t, want, list(t, b, prefix), "prefix %q", prefix)
	}
}

func emptyListing(t tester, b backend.Backend) {
	require.Empty(t, list(t, b, ""))
	require.Empty(t, list(t, b, "packs/"))
	put(t, b, "packs/ab/x", nil)
	require.Empty(t, list(t, b, "packs/cd/"))
	require.Empty(t, list(t, b, "packs/ab/x/"), "an object is no folder")
	require.NoError(t, b.Delete(t.Context(), "packs/ab/x"))
	require.Empty(t, list(t, b, ""))
}

func badPrefix(t tester, b backend.Backend) {
	put(t, b, "a/x", nil)
	for _, prefix := range []string{"a", "/", "a//", "../", "a b/"} {
		_, err := backend.Names(t.Context(), b, prefix)
		require.ErrorIs(t, err, backend.ErrBadName, "prefix %q", prefix)
	}
}

func listEverything(t tester, b backend.Backend) {
	var want []string
	for i := range 2500 {
		want = append(want, fmt.Sprintf("packs/%02x/%04d", i%8, i))
	}
	putMany(t, b, want)
	slices.Sort(want)
	require.Equal(t, want, list(t, b, ""))
	require.Equal(t, want, list(t, b, "packs/"))
}

func deleteWhileListing(t tester, b backend.Backend) {
	var names []string
	for i := range 100 {
		names = append(names, fmt.Sprintf("beats/%03d", i))
	}
	putMany(t, b, names)
	seen := map[string]int{}
	for info, err := range b.List(t.Context(), "") {
		require.NoError(t, err)
		seen[info.Name]++
		require.NoError(t, b.Delete(t.Context(), info.Name))
	}
	require.Len(t, seen, len(names))
	for name, times := range seen {
		require.Equal(t, 1, times, name)
	}
	require.Empty(t, list(t, b, ""))
}

func leavingEarly(t tester, b backend.Backend) {
	putMany(t, b, []string{"a/1", "a/2", "b/1"}) // also lets the backend start what it keeps running
	put(t, b, "c", noise(1<<20, 5))
	before := goleak.IgnoreCurrent()
	for range 10 {
		for _, err := range b.List(t.Context(), "") {
			require.NoError(t, err)
			break
		}
		r, err := b.Get(t.Context(), "c", 0, -1)
		require.NoError(t, err)
		_, err = r.Read(make([]byte, 10))
		require.NoError(t, err)
		require.NoError(t, r.Close())
	}
	require.NoError(t, goleak.Find(before))
}

func listTwice(t tester, b backend.Backend) {
	put(t, b, "a", nil)
	listing := b.List(t.Context(), "")
	count := func() (n int) {
		for _, err := range listing {
			require.NoError(t, err)
			n++
		}
		return n
	}
	require.Equal(t, 1, count())
	put(t, b, "b", nil)
	require.Equal(t, 2, count())
}
