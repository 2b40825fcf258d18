package main

import (
	"context"
	"errors"
	"io/fs"
	"iter"
	"strings"
	"syscall"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/datastore"
	"github.com/heirloom-backup/heirloom/datastore/backend"
	"github.com/heirloom-backup/heirloom/datastore/backend/mem"
	"github.com/heirloom-backup/heirloom/datastore/backup"
	"github.com/heirloom-backup/heirloom/datastore/backup/source"
)

// wastefulStorage holds a store with two snapshots, and what only a third one needed that was removed.
func wastefulStorage(t *testing.T) *mem.Backend {
	t.Helper()
	b := mem.New()
	require.NoError(t, datastore.Create(t.Context(), b, datastore.CreateOptions{}))
	store := onStorage(t, b)
	for _, name := range []string{"a", "waste", "b"} {
		files := source.FS(name, fstest.MapFS{name: {Data: []byte(name + noise(5_000))}})
		_, err := backup.Run(t.Context(), store.Store, files, backup.Options{})
		require.NoError(t, err)
	}
	address, err := datastore.ParseAddress("dataset/waste/latest")
	require.NoError(t, err)
	sn, err := store.Find(t.Context(), address)
	require.NoError(t, err)
	require.NoError(t, store.Forget(t.Context(), sn, "test"))
	return b
}

func onStorage(t *testing.T, b backend.Backend) openStore {
	t.Helper()
	store, err := datastore.Open(t.Context(), b, datastore.Options{})
	require.NoError(t, err)
	return openStore{Store: store}
}

// listed is storage whose listings of some folder are not what they should be.
type listed struct {
	backend.Backend
	folder string
	change func(iter.Seq2[backend.Info, error]) iter.Seq2[backend.Info, error]
}

func (l listed) List(ctx context.Context, prefix string) iter.Seq2[backend.Info, error] {
	list := l.Backend.List(ctx, prefix)
	if strings.HasPrefix(prefix, l.folder) {
		return l.change(list)
	}
	return list
}

// fullDisk is storage without room.
type fullDisk struct{ backend.Backend }

func (fullDisk) Put(_ context.Context, name string, _ []byte) error {
	return &fs.PathError{Op: "write", Path: name, Err: syscall.ENOSPC}
}

var errBrokeOff = errors.New("connection broke off")

// breakOff ends a listing after its first object, with an error.
func breakOff(list iter.Seq2[backend.Info, error]) iter.Seq2[backend.Info, error] {
	return func(yield func(backend.Info, error) bool) {
		for info, err := range list {
			if yield(info, err) {
				yield(backend.Info{}, errBrokeOff)
			}
			return
		}
	}
}

// endEarly ends a listing after its first object as if there were no more.
func endEarly(list iter.Seq2[backend.Info, error]) iter.Seq2[backend.Info, error] {
	return func(yield func(backend.Info, error) bool) {
		for info, err := range list {
			yield(info, err)
			return
		}
	}
}

func TestGCRemovesNothingWhereStorageFails(t *testing.T) {
	tests := map[string]struct {
		wrap   func(backend.Backend) backend.Backend
		advice string
	}{
		"full":      {func(b backend.Backend) backend.Backend { return fullDisk{b} }, "make room and run the command again"},
		"read-only": {backend.ReadOnly, "give it a store it may write to"},
		"listing of snapshots breaks off": {func(b backend.Backend) backend.Backend {
			return listed{b, "snapshots/", breakOff}
		}, ""},
		"listing of snapshots ends early": {func(b backend.Backend) backend.Backend {
			return listed{b, "snapshots/", endEarly}
		}, "heirloom probe"},
		"listing of packs breaks off": {func(b backend.Backend) backend.Backend {
			return listed{b, "packs/", breakOff}
		}, ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			b := wastefulStorage(t)
			before, err := backend.Names(t.Context(), b, "")
			require.NoError(t, err)
			p, stdout, _ := reporter(false)
			p.Now = time.Now
			err = p.collectStore(t.Context(), onStorage(t, test.wrap(b)), datastore.CollectOptions{})
			require.Error(t, err)
			require.Equal(t, statusFailed, statusOf(t.Context(), &failure{err}), err)
			require.Contains(t, p.advice(err), test.advice)
			require.Empty(t, stdout.String())
			after, err := backend.Names(t.Context(), b, "")
			require.NoError(t, err)
			require.Subset(t, after, before, "nothing was removed")
		})
	}
}
