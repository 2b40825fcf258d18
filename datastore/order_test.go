package datastore_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/datastore"
	"github.com/heirloom-backup/heirloom/datastore/backend"
	"github.com/heirloom-backup/heirloom/datastore/backend/backendtest"
)

// orderOf returns the calls on the kinds of objects that the order of a session is about, repetitions left out.
func orderOf(calls []backendtest.Call) []string {
	var order []string
	for _, c := range calls {
		folder, rest, _ := strings.Cut(c.Name, "/")
		step := string(c.Kind) + " " + folder
		switch {
		case folder == "config" || folder == "heirloom.json" || c.Kind == backendtest.List && folder == "ledger":
			continue
		case strings.HasSuffix(rest, ".ok"):
			step = string(c.Kind) + " promise"
		}
		if len(order) == 0 || order[len(order)-1] != step {
			order = append(order, step)
		}
	}
	return order
}

// The whole life of a session as the storage sees it: each line is a step of the collection protocol.
func TestOrderOfASession(t *testing.T) {
	w := newWorld(t)
	w.condemn("00ff")
	before := len(w.faulty.Calls())
	commit(t, w.store, "new", newFiles)
	require.Equal(t, []string{
		"put sessions",   // 2.1
		"list condemned", // 2.2: the records …
		"get condemned",
		"list packs", // … and then the packs
		"list index", // a hint
		"get index",
		"get ledger", // which chunks are known to be damaged
		"put packs",  // 2.4: packs, then the segment that names them, then the manifest under a time of its own
		"put index",
		"list snapshots",
		"put snapshots",
		"list snapshots", // another writer could have the same time
		"list condemned", // 2.5: validation, in the same order
		"get condemned",
		"list packs",
		"put promise",   // 2.6
		"get snapshots", // gone = pruned meanwhile
		"put ledger",
		"delete sessions", // 2.7
	}, orderOf(w.faulty.Calls()[before:]))
}

func TestOrderOfFailedValidation(t *testing.T) {
	w := newWorld(t)
	at(w.faulty, true, backendtest.Put, manifests, 1, func() { w.condemn(w.old...) })
	before := len(w.faulty.Calls())
	commit(t, w.store, "new", newFiles)
	order := orderOf(w.faulty.Calls()[before:])
	first := slices.Index(order, "put snapshots")
	order = order[first:]
	withdrawn := slices.Index(order, "delete snapshots")
	asked := slices.Index(order, "get sessions")
	again := slices.Index(order, "put packs")
	require.Less(t, 0, withdrawn, "%v", order)
	require.Less(t, withdrawn, asked, "only then: is the own session still there? %v", order)
	require.Less(t, asked, again, "%v", order)
	require.Less(t, again, slices.Index(order, "put promise"), "%v", order)
	require.Equal(t, 2, w.faulty.Count(backendtest.Put, manifests)-w.faulty.Count(backendtest.Put, promiseOf(w)),
		"a new name for each manifest")
}

// promiseOf returns the name of the only promise of the group "new".
func promiseOf(w *world) string {
	for _, name := range names(w.t, w.inside, manifests) {
		if strings.HasSuffix(name, ".ok") {
			return name
		}
	}
	w.t.Fatal("there is no promise")
	return ""
}

// Whatever fails on the way, nothing is promised that is not whole, and the error is the storage's.
func TestEachFailingStepOfACommit(t *testing.T) {
	for _, c := range []struct {
		kind   backend.Kind
		prefix string
		every  bool // a pack is tried again under another name
	}{
		{kind: backendtest.Put, prefix: "sessions/"},
		{kind: backendtest.List, prefix: "condemned/"},
		{kind: backendtest.List, prefix: "packs/"},
		{kind: backendtest.List, prefix: "index/"},
		{kind: backendtest.Put, prefix: "packs/", every: true},
		{kind: backendtest.Put, prefix: "index/"},
		{kind: backendtest.List, prefix: "snapshots/"},
		{kind: backendtest.Put, prefix: "snapshots/"},
		{kind: backendtest.Get, prefix: "snapshots/"},
		{kind: backendtest.Put, prefix: "ledger/"},
	} {
		for _, answerLost := range []bool{false, true} {
			t.Run(string(c.kind)+" "+c.prefix, func(t *testing.T) {
				w := newWorld(t)
				fail, nth := w.faulty.Fail, 1
				if answerLost {
					fail = w.faulty.FailAfter
				}
				if c.every {
					nth = backendtest.Every
				}
				fail(c.kind, c.prefix, nth, nil)
				require.ErrorIs(t, tryCommit(t, w), backendtest.ErrInjected)
				w.faulty.Heal()
				groups := []string{"old"}
				if len(names(t, w.inside, manifests)) == 2 { // the promise was there before the failing step
					groups = []string{"new", "old"}
				}
				w.requirePromises(groups...)
				commit(t, w.store, "new", newFiles)
			})
		}
	}
}

// tryCommit is a commit that may fail at any step.
func tryCommit(t *testing.T, w *world) error {
	s, err := w.store.Begin(t.Context(), datastore.SessionOptions{})
	if err != nil {
		return err
	}
	_, err = s.Commit(t.Context(), draft("new", put(t, s, newFiles)))
	require.NoError(t, s.Close())
	return err
}

// A pack whose put failed goes up again under another name, never under the same.
func TestPackIsPutOnceUnderEachName(t *testing.T) {
	w := newWorld(t)
	w.faulty.FailAfter(backendtest.Put, "packs/", 1, nil)
	w.faulty.Fail(backendtest.Put, "packs/", 2, nil)
	commit(t, w.store, "new", newFiles)
	seen := map[string]bool{}
	for _, c := range w.faulty.Calls() {
		if c.Kind == backendtest.Put && strings.HasPrefix(c.Name, "packs/") {
			require.False(t, seen[c.Name], "%s was put twice", c.Name)
			seen[c.Name] = true
		}
	}
	require.Len(t, seen, 4, "two packs, two failures")
	w.requirePromises("new", "old")
}
