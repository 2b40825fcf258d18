package prune_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/datastore"
	"github.com/heirloom-backup/heirloom/datastore/backend"
	"github.com/heirloom-backup/heirloom/datastore/backend/backendtest"
	"github.com/heirloom-backup/heirloom/datastore/backend/mem"
	"github.com/heirloom-backup/heirloom/datastore/prune"
)

// Wherever a prune is interrupted, nothing that it keeps is lost, and a new plan finishes it.
func TestCrashAtEachWrite(t *testing.T) {
	start := newWorld(t)
	start.saveUnfinished(nightly, night(21))
	start.nights(nightly, 22, 23, 24)
	start.nights(weekly, 25, 26)
	want := []string{
		"dataset/www/2026-11-22T02:00:00.000Z", "dataset/www/2026-11-24T02:00:00.000Z", "dataset/www/2026-11-26T02:00:00.000Z",
	}
	writes := pruneWithFaults(start, start.storage.Clone(), nil).Count(backendtest.Write, "")
	require.Equal(t, 14, writes, "a word, of each of three a copy, a record, the manifest and the promise, and the word again")
	for nth := 1; nth <= writes; nth++ {
		for name, crash := range map[string]func(*backendtest.Faulty){
			"before": func(f *backendtest.Faulty) { f.CrashBefore(backendtest.Write, "", nth) },
			"after":  func(f *backendtest.Faulty) { f.CrashAfter(backendtest.Write, "", nth) },
		} {
			t.Run(fmt.Sprintf("%s write %d", name, nth), func(t *testing.T) {
				w := &world{t: t, ctx: start.ctx, storage: start.storage.Clone(), now: start.now}
				require.True(t, pruneWithFaults(w, w.storage, crash).Crashed())

				w.store = w.open(w.storage)
				require.Subset(t, w.left(w.store), want)
				w.requireReadable(w.store)
				_, err := w.plan(crashPolicy).Apply(w.ctx, w.store, prune.ApplyOptions{})
				require.NoError(t, err)
				require.Equal(t, want, w.left(w.store))

				_, err = w.store.Collect(w.ctx, datastore.CollectOptions{})
				require.NoError(t, err)
				w.requireReadable(w.open(w.storage))
				objects, err := backend.Names(w.ctx, w.storage, "snapshots/")
				require.NoError(t, err)
				require.Len(t, objects, 2*len(want), "a manifest and a promise each, and nothing else")
			})
		}
	}
}

const crashPolicy = "keep-daily=1, keep-weekly=1"

// pruneWithFaults plans and applies on a process of its own, which may crash.
func pruneWithFaults(w *world, storage *mem.Backend, fault func(*backendtest.Faulty)) *backendtest.Faulty {
	w.t.Helper()
	faulty := backendtest.New(storage)
	s := w.open(faulty)
	plan := w.planOf(s, prune.Options{Policy: parse(w.t, crashPolicy)})
	if fault != nil {
		fault(faulty)
	}
	_, err := plan.Apply(w.ctx, s, prune.ApplyOptions{})
	if fault == nil {
		require.NoError(w.t, err)
	}
	return faulty
}
