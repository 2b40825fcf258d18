//go:build linux

package endtoend

import (
	"context"
	"iter"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/datastore"
	"github.com/heirloom-backup/heirloom/datastore/backend"
	"github.com/heirloom-backup/heirloom/datastore/backend/backendtest"
	"github.com/heirloom-backup/heirloom/datastore/backend/mem"
	"github.com/heirloom-backup/heirloom/datastore/backup"
	"github.com/heirloom-backup/heirloom/datastore/backup/source"
	"github.com/heirloom-backup/heirloom/datastore/verify"
)

// What others do, or leave undone, at the worst moment is not damage.

// library opens a store for the time of the test.
func library(t *testing.T, b backend.Backend) *datastore.Store {
	store, err := datastore.Open(t.Context(), b, datastore.Options{})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, store.Close()) })
	return store
}

// small makes a store with two snapshots and returns the second.
func small(t *testing.T) (*mem.Backend, *datastore.Snapshot) {
	b := mem.New()
	require.NoError(t, datastore.Create(t.Context(), b, datastore.CreateOptions{}))
	store := library(t, b)
	var last *datastore.Snapshot
	for range 2 {
		src := source.FS("data", fstest.MapFS{"file": {Data: []byte("content")}})
		result, err := backup.Run(t.Context(), store, src, backup.Options{})
		require.NoError(t, err)
		last = result.Snapshot
	}
	return b, last
}

func requireClean(t *testing.T, b backend.Backend, snapshots int) {
	t.Helper()
	report, err := verify.Run(t.Context(), library(t, b), verify.Options{})
	require.NoError(t, err)
	require.True(t, report.Clean(), "%+v", report)
	require.Len(t, report.Results, snapshots)
}

// TestForgottenWhileVerified removes a snapshot after a verification has read the ledger and before it lists the snapshots.
func TestForgottenWhileVerified(t *testing.T) {
	b, last := small(t)
	other := library(t, b)
	faulty := backendtest.New(b)
	var once sync.Once
	faulty.Before(func(c backendtest.Call) {
		if c.Kind == backendtest.List && c.Name == "snapshots/" {
			once.Do(func() { require.NoError(t, other.Forget(t.Context(), last, "test")) })
		}
	})
	requireClean(t, faulty, 1)
}

// TestForgetThatCrashed ends a removal before each of its writes.
func TestForgetThatCrashed(t *testing.T) {
	for writes := 1; ; writes++ {
		b, last := small(t)
		faulty := backendtest.New(b)
		store := library(t, faulty)
		faulty.CrashBefore(backendtest.Write, "", writes)
		err := store.Forget(t.Context(), last, "test")
		left := 0
		for _, err := range library(t, b).Snapshots(t.Context(), datastore.Filter{}) {
			require.NoError(t, err)
			left++
		}
		requireClean(t, b, left)
		if err == nil {
			require.Equal(t, 1, left)
			require.Equal(t, 7, writes, "the word, the copy, the record, the manifest, the promise, the word again")
			return
		}
		require.ErrorIs(t, err, backendtest.ErrCrashed)
	}
}

// TestRecordMissedByListing lists a ledger while it grows: of two records that are put meanwhile a listing may show the
// second alone.
func TestRecordMissedByListing(t *testing.T) {
	b, last := small(t)
	require.NoError(t, library(t, b).Forget(t.Context(), last, "test"))
	names, err := backend.Names(t.Context(), b, "ledger/")
	require.NoError(t, err)
	for _, name := range names {
		requireNothingDamaged(t, missing{b.Clone(), name})
	}
}

// requireNothingDamaged is for a store of which not every snapshot is seen.
func requireNothingDamaged(t *testing.T, b backend.Backend) {
	t.Helper()
	report, err := verify.Run(t.Context(), library(t, b), verify.Options{NoRecord: true})
	require.NoError(t, err)
	require.Empty(t, report.Damaged)
}

// missing leaves one object out of listings.
type missing struct {
	backend.Backend
	name string
}

func (m missing) List(ctx context.Context, prefix string) iter.Seq2[backend.Info, error] {
	return func(yield func(backend.Info, error) bool) {
		for info, err := range m.Backend.List(ctx, prefix) {
			if (err != nil || info.Name != m.name) && !yield(info, err) {
				return
			}
		}
	}
}
