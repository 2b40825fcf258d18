package datastore_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/datastore"
	"github.com/heirloom-backup/heirloom/datastore/backend"
	"github.com/heirloom-backup/heirloom/datastore/backend/backendtest"
)

const manifests = "snapshots/dataset/new/"

// moment is a point in the life of a writer's session at which a collector takes a step.
type moment struct {
	after  bool
	kind   backend.Kind
	prefix string
	nth    int
}

var (
	afterLookUp      = moment{false, backendtest.Put, "packs/", 1}
	beforeManifest   = moment{false, backendtest.Put, manifests, 1}
	beforeValidation = moment{true, backendtest.Put, manifests, 1}
	// Begin reads the records and lists the packs once; validation does so a second time.
	betweenItsListings = moment{false, backendtest.List, "packs/", 2}
)

// What a collector may do to a writer, by the sentence of the collection protocol that saves the snapshot.
func TestWriterMeetsCollector(t *testing.T) {
	for _, c := range []struct {
		sentence string
		at       moment
		do       func(w *world)
		lost     bool // the only copies are gone: the source must be read again
	}{
		{"a pack condemned after it was looked up is not stood on", afterLookUp, condemnOld, false},
		{"nor one condemned just before the manifest", beforeManifest, condemnOld, false},
		{"nor one condemned between manifest and validation", beforeValidation, condemnOld, false},
		{"own packs are condemned: they are copied like any other", beforeManifest, condemnOwn, false},
		{"all packs are condemned", beforeValidation, func(w *world) { w.condemn(w.packs()...) }, false},
		{"a pack deleted while its record is still there is gone", beforeValidation, deleteOld(false), true},
		{"a pack deleted with its record is gone all the same: validation lists packs", beforeValidation, deleteOld(true), true},
		{"deleted long before the manifest, with its record", afterLookUp, deleteOld(true), true},
		{"a deleted pack whose chunks were copied before", beforeManifest, moveOld, false},
		{"records are read before packs are listed: a record removed in between took its packs with it",
			betweenItsListings, deleteOld(true), true},
		{"own packs are deleted: nothing is left to copy", beforeValidation, func(w *world) { w.remove("", w.own()...) }, true},
	} {
		t.Run(c.sentence, func(t *testing.T) {
			w := newWorld(t)
			at(w.faulty, c.at.after, c.at.kind, c.at.prefix, c.at.nth, func() { c.do(w) })
			s := begin(t, w.store)
			_, err := s.Commit(t.Context(), draft("new", put(t, s, newFiles)))
			require.NoError(t, s.Close())
			w.sweep()
			if c.lost {
				require.ErrorIs(t, err, datastore.ErrCannotStoreAgain)
				require.Empty(t, names(t, w.inside, manifests), "it was withdrawn")
				return
			}
			require.NoError(t, err)
			w.requirePromises("new")
		})
	}
}

func condemnOld(w *world) { w.condemn(w.old...) }
func condemnOwn(w *world) { w.condemn(w.own()...) }

func deleteOld(record bool) func(w *world) {
	return func(w *world) {
		name := w.condemn(w.old...)
		if !record {
			name = ""
		}
		w.remove(name, w.old...)
	}
}

// moveOld is what a collector does with a pack that still holds something: condemn, copy, delete.
func moveOld(w *world) {
	name := w.condemn(w.old...)
	commit(w.t, open(w.t, w.inside, datastore.Options{}), "copy", oldFiles)
	w.forget("copy")
	w.remove(name, w.old...)
}

// sweep ends the collection: the old snapshot is pruned and every condemned pack deleted.
func (w *world) sweep() {
	w.forget("old")
	for _, name := range names(w.t, w.inside, "condemned/") {
		for _, id := range w.condemned(name) {
			w.remove("", id)
		}
		require.NoError(w.t, w.inside.Delete(w.t.Context(), name))
	}
}

// An error or a partial listing is not an answer.
func TestValidationThatCannotAskNeverPasses(t *testing.T) {
	for name, fault := range map[string]func(f *backendtest.Faulty){
		"records are not listed":  func(f *backendtest.Faulty) { f.Fail(backendtest.List, "condemned/", 1, nil) },
		"records are not read":    func(f *backendtest.Faulty) { f.Fail(backendtest.Get, "condemned/", 1, nil) },
		"a record is damaged":     func(f *backendtest.Faulty) { f.Corrupt("condemned/", 1, 12) },
		"packs are not listed":    func(f *backendtest.Faulty) { f.Fail(backendtest.List, "packs/", 1, nil) },
		"packs are listed partly": func(f *backendtest.Faulty) { f.Cut("packs/", 1, 1, backendtest.ErrInjected) },
		"packs are listed, then an error": func(f *backendtest.Faulty) {
			f.FailAfter(backendtest.List, "packs/", 1, nil)
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.condemn("00ff")
			s := begin(t, w.store)
			root := put(t, s, newFiles)
			at(w.faulty, true, backendtest.Put, manifests, 1, func() { fault(w.faulty) })
			_, err := s.Commit(t.Context(), draft("new", root))
			require.Error(t, err)
			require.NotErrorIs(t, err, datastore.ErrCannotStoreAgain)
			require.Empty(t, names(t, w.inside, manifests))
			require.NoError(t, s.Close())
			w.requirePromises("old")
		})
	}
}

// A record that is gone by the time it is read is done with: all its packs are, too.
func TestRecordThatVanishesWhileItIsRead(t *testing.T) {
	w := newWorld(t)
	record := w.condemn("00ff")
	at(w.faulty, true, backendtest.List, "condemned/", 2, func() {
		require.NoError(t, w.inside.Delete(t.Context(), record))
	})
	commit(t, w.store, "new", newFiles)
	w.requirePromises("new", "old")
}

// A snapshot whose packs are condemned again and again is given up in the end, and nothing is promised.
func TestCommitGivesUp(t *testing.T) {
	w := newWorld(t)
	w.faulty.After(func(c backendtest.Call) {
		if c.Kind == backendtest.Put && len(c.Name) > len(manifests) && c.Name[:len(manifests)] == manifests {
			w.condemn(w.packs()...)
		}
	})
	s := begin(t, w.store)
	_, err := s.Commit(t.Context(), draft("new", put(t, s, newFiles)))
	require.ErrorIs(t, err, datastore.ErrCannotStoreAgain)
	require.NoError(t, s.Close())
	require.Equal(t, 10, w.faulty.Count(backendtest.Put, manifests), "one manifest for each attempt")
	require.Empty(t, names(t, w.inside, manifests))
	w.requirePromises("old")
}

// What is taken over unread from a parent's tree is stood on like everything else.
func TestContentTakenOverUnreadIsStoodOn(t *testing.T) {
	for name, lost := range map[string]bool{"condemned": false, "deleted": true} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.want["new"] = oldFiles
			sn := list(t, w.store, datastore.Filter{})[0]
			content := w.contentPack()
			at(w.faulty, true, backendtest.Put, manifests, 1, func() {
				record := w.condemn(content)
				if lost {
					w.remove(record, content)
				}
			})
			s := begin(t, w.store)
			ok, err := s.RelyTree(t.Context(), sn.Root)
			require.NoError(t, err)
			require.True(t, ok)
			_, err = s.Commit(t.Context(), draft("new", sn.Root))
			require.NoError(t, s.Close())
			w.sweep()
			if lost {
				require.ErrorIs(t, err, datastore.ErrCannotStoreAgain)
				require.Empty(t, names(t, w.inside, manifests))
				return
			}
			require.NoError(t, err)
			w.requirePromises("new")
		})
	}
}

// contentPack returns the id of the only old pack that holds content.
func (w *world) contentPack() string {
	s := open(w.t, w.inside, datastore.Options{})
	for _, id := range w.old {
		r, err := s.CheckPack(w.t.Context(), id)
		require.NoError(w.t, err)
		if !r.Trees {
			return id
		}
	}
	w.t.Fatal("there is no content pack")
	return ""
}
