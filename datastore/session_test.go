package datastore_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/chunk"
	"github.com/heirloom-backup/heirloom/datastore"
	"github.com/heirloom-backup/heirloom/datastore/backend"
	"github.com/heirloom-backup/heirloom/datastore/backend/backendtest"
	"github.com/heirloom-backup/heirloom/datastore/backend/mem"
)

func TestSessionStoresEachChunkOnce(t *testing.T) {
	eachBackend(t, func(t *testing.T, b backend.Backend) {
		s := create(t, b)
		w := begin(t, s)
		p := noise(1000, 1)
		ids := make([]chunk.ID, 3)
		require.NoError(t, w.Put(t.Context(), [][]byte{p, p, noise(500, 2)}, ids))
		require.Equal(t, ids[0], ids[1])
		st := w.Stats()
		require.Equal(t, []int64{3, 2, 1500}, []int64{st.Chunks, st.ChunksNew, st.BytesNew})
		put(t, w, files{})
		require.NoError(t, w.Close())
	})
}

func TestSessionCopiesWhatItKeeps(t *testing.T) {
	s := create(t, mem.New())
	w := begin(t, s)
	data := noise(3000, 1)
	root := put(t, w, files{"a": data})
	clear(data)
	_, err := w.Commit(t.Context(), draft("www", root))
	require.NoError(t, err)
	require.NoError(t, w.Close())
	requireFiles(t, s, root, files{"a": noise(3000, 1)})
}

func TestSessionClosesTwice(t *testing.T) {
	b := mem.New()
	w := begin(t, create(t, b))
	require.Len(t, names(t, b, "sessions/"), 1)
	require.NoError(t, w.Close())
	require.NoError(t, w.Close())
	require.Empty(t, names(t, b, "sessions/"))
}

// A put that failed has stored nothing: the same chunk, put again, must not count as stored.
func TestPutAgainAfterItsContextEnded(t *testing.T) {
	s := create(t, mem.New())
	w := begin(t, s)
	defer w.Close()
	p, ids := [][]byte{noise(1000, 1)}, make([]chunk.ID, 1)
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	require.ErrorIs(t, w.Put(ended, p, ids), context.Canceled)
	root := put(t, w, files{"a": p[0]})
	_, err := w.Commit(t.Context(), draft("www", root))
	require.NoError(t, err)
	requireFiles(t, s, root, files{"a": p[0]})
}

func TestDryRunStoresNothing(t *testing.T) {
	b := mem.New()
	s := create(t, b)
	commit(t, s, "old", oldFiles)
	before := names(t, b, "")
	w, err := s.Begin(t.Context(), datastore.SessionOptions{DryRun: true})
	require.NoError(t, err)
	root := put(t, w, newFiles)
	require.Equal(t, int64(len(newFiles["c"])), w.Stats().BytesNew)
	_, err = w.Commit(t.Context(), draft("new", root))
	require.ErrorContains(t, err, "dry run")
	require.NoError(t, w.Close())
	require.Equal(t, before, names(t, b, ""))
}

func TestCommitRefusesABadGroup(t *testing.T) {
	w := begin(t, create(t, mem.New()))
	defer w.Close()
	_, err := w.Commit(t.Context(), datastore.Draft{Group: datastore.Group{Kind: "disk", Name: "x"}})
	require.ErrorIs(t, err, datastore.ErrAddress)
}

// A session shows that it lives, one beat at a time, and leaves nothing behind.
func TestBeats(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := mem.New()
		s := create(t, b)
		w := begin(t, s)
		for beat := range 3 {
			time.Sleep(time.Minute)
			synctest.Wait()
			require.Equal(t, []string{"beats/" + w.ID() + "-" + string(rune('1'+beat))}, names(t, b, "beats/"))
		}
		require.NoError(t, w.Close())
		require.NoError(t, s.Close())
		require.Empty(t, names(t, b, "sessions/"))
		require.Empty(t, names(t, b, "beats/"))
	})
}

// A beat never puts a session's object back: a session that was fenced goes on under a new id, which its packs carry.
func TestFencedSessionGoesOnUnderANewID(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := mem.New()
		s := create(t, b)
		w := begin(t, s)
		old := w.ID()
		time.Sleep(time.Minute)
		synctest.Wait()
		require.NoError(t, b.Delete(t.Context(), "sessions/"+old))
		time.Sleep(2 * time.Minute)
		synctest.Wait()
		require.NotEqual(t, old, w.ID())
		require.Equal(t, []string{"sessions/" + w.ID()}, names(t, b, "sessions/"))
		sn, err := w.Commit(t.Context(), draft("new", put(t, w, newFiles)))
		require.NoError(t, err)
		require.Equal(t, w.ID(), sn.Session)
		for _, name := range names(t, b, "packs/") {
			require.True(t, strings.HasSuffix(name, "-"+w.ID()), name)
		}
		requireFiles(t, s, sn.Root, newFiles)
		require.NoError(t, w.Close())
		require.NoError(t, s.Close())
		require.Empty(t, names(t, b, "sessions/"))
		require.Empty(t, names(t, b, "beats/"), "the old id's, too")
	})
}

// Fenced and collected while its packs go up: validation notices, and the session goes on.
func TestSessionFencedDuringItsCommit(t *testing.T) {
	w := newWorld(t)
	s := begin(t, w.store)
	old := s.ID()
	root := put(t, s, newFiles)
	at(w.faulty, true, backendtest.Put, manifests, 1, func() {
		require.NoError(t, w.inside.Delete(t.Context(), "sessions/"+old))
		w.condemn(w.own()...)
	})
	sn, err := s.Commit(t.Context(), draft("new", root))
	require.NoError(t, err)
	require.NotEqual(t, old, sn.Session)
	require.NoError(t, s.Close())
	require.Empty(t, names(t, w.inside, "sessions/"))
	w.sweep()
	w.requirePromises("new")
}

// Somebody prunes the snapshot in the moment it gets its promise: it counts as pruned, and that is said.
func TestSnapshotPrunedWhileItIsCommitted(t *testing.T) {
	for name, m := range map[string]moment{
		"before its promise": {false, backendtest.Put, manifests, 2},
		"after its promise":  {true, backendtest.Put, manifests, 2},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			at(w.faulty, m.after, m.kind, m.prefix, m.nth, func() { w.forget("new") })
			err := tryCommit(t, w)
			require.ErrorIs(t, err, datastore.ErrNoSnapshot)
			w.requirePromises("old")
			require.Len(t, names(t, w.inside, "pruned/"), 1)
		})
	}
}

// A manifest that cannot be withdrawn stays, unfinished, which promises nobody anything: the commit goes on, and ends
// with a second manifest and its promise. That is logged, and the storage's error is that of Close.
func TestManifestThatCannotBeWithdrawn(t *testing.T) {
	w := newWorld(t)
	var log bytes.Buffer
	w.store = open(t, w.faulty, datastore.Options{Logger: slog.New(slog.NewTextHandler(&log, nil))})
	refused := errors.New("object lock")
	w.faulty.Fail(backendtest.Delete, "", backendtest.Every, refused)
	at(w.faulty, true, backendtest.Put, manifests, 1, func() { w.condemn(w.old...) })
	s := begin(t, w.store)
	sn, err := s.Commit(t.Context(), draft("new", put(t, s, newFiles)))
	require.NoError(t, err)
	require.ErrorIs(t, s.Close(), refused)
	w.requirePromises("new", "old")

	promised := map[string]bool{}
	for _, found := range list(t, w.store, datastore.Filter{Name: "new", Unfinished: true}) {
		promised[found.ID] = found.Promised
		if !found.Promised {
			require.Contains(t, log.String(), found.ID)
		}
	}
	require.Len(t, promised, 2)
	require.True(t, promised[sn.ID])
}
