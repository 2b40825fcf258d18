package datastore_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/datastore"
	"github.com/heirloom-backup/heirloom/datastore/backend"
	"github.com/heirloom-backup/heirloom/datastore/backend/backendtest"
)

// Storage that lets nothing be deleted is good enough to back up to: committing and closing a session succeed.
func TestAppendOnlyStorage(t *testing.T) {
	for name, collector := range map[string]func(w *world){
		"alone": func(*world) {},
		"packs are condemned meanwhile: a manifest stays unfinished": func(w *world) {
			at(w.faulty, true, backendtest.Put, manifests, 1, func() { w.condemn(w.old...) })
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.faulty.Fail(backendtest.Delete, "", backendtest.Every, backend.ErrReadOnly)
			collector(w)
			s := begin(t, w.store)
			_, err := s.Commit(t.Context(), draft("new", put(t, s, newFiles)))
			require.NoError(t, err)
			require.NoError(t, s.Close())
			require.Contains(t, names(t, w.inside, "sessions/"), "sessions/"+s.ID(), "it could not be removed")
			w.requirePromises("new", "old")
			require.Len(t, list(t, open(t, w.faulty, datastore.Options{}), datastore.Filter{}), 2)
		})
	}
}
