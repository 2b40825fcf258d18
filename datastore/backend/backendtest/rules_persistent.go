package backendtest

import (
	"fmt"
	"sync"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/datastore/backend"
)

var persistentRules = []rule[func() backend.Backend]{
	{"reopened", "What was put is there after reopening, and what was deleted is not.", reopened},
	{"opened twice", "What one opening puts or deletes, another sees at once: several processes share a store.", openedTwice},
	{"put if absent, across openings", "Of puts of one name through two openings at the same time exactly one succeeds.",
		onePutWinsAcross},
}

func reopened(t tester, open func() backend.Backend) {
	b := open()
	put(t, b, "stays/a", noise(1000, 6))
	put(t, b, "goes/b", nil)
	require.NoError(t, b.Delete(t.Context(), "goes/b"))
	b = open()
	require.Equal(t, []string{"stays/a"}, list(t, b, ""))
	requireObject(t, b, "stays/a", noise(1000, 6))
	requireAbsent(t, b, "goes/b")
	require.ErrorIs(t, b.Put(t.Context(), "stays/a", nil), backend.ErrExist)
}

func openedTwice(t tester, open func() backend.Backend) {
	one, two := open(), open()
	put(t, one, "a/b", []byte("from one"))
	requireObject(t, two, "a/b", []byte("from one"))
	require.Equal(t, []string{"a/b"}, list(t, two, "a/"))
	require.NoError(t, two.Delete(t.Context(), "a/b"))
	requireAbsent(t, one, "a/b")
}

func onePutWinsAcross(t tester, open func() backend.Backend) {
	openings := []backend.Backend{open(), open()}
	for round := range 20 {
		var errs [2]error
		var group sync.WaitGroup
		name := fmt.Sprintf("race/%d", round)
		for i, b := range openings {
			group.Go(func() { errs[i] = b.Put(t.Context(), name, []byte{byte(i)}) })
		}
		group.Wait()
		winner := 0
		if errs[0] != nil {
			winner = 1
		}
		require.NoError(t, errs[winner])
		require.ErrorIs(t, errs[1-winner], backend.ErrExist)
		requireObject(t, openings[0], name, []byte{byte(winner)})
	}
}
