package backup_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"github.com/heirloom-backup/heirloom/datastore"
	"github.com/heirloom-backup/heirloom/datastore/backend"
	"github.com/heirloom-backup/heirloom/datastore/backend/backendtest"
	"github.com/heirloom-backup/heirloom/datastore/backend/mem"
	"github.com/heirloom-backup/heirloom/datastore/backup"
)

// small is a tree for tests that back up many times.
func small(seed byte) fake {
	f := fake{}
	for n := range 12 {
		f[fmt.Sprintf("%d/%d", n%3, n)] = newFile(noise(1000*n+1, seed+byte(n)), old)
	}
	f["big"] = newFile(noise(600<<10, seed), old)
	return f
}

// requireWhole says that every promised snapshot is the source, bit for bit.
func requireWhole(t *testing.T, b backend.Backend, src fake) (count int) {
	t.Helper()
	s := open(t, b, datastore.Options{})
	for sn, err := range s.Snapshots(t.Context(), datastore.Filter{}) {
		require.NoError(t, err)
		requireContent(t, src.want(), content(t, s, sn))
		count++
	}
	return count
}

// Storage that fails now and then: a run ends with an error or with a snapshot that is whole.
func TestBackupOverStorageThatFailsAtRandom(t *testing.T) {
	src, done := small(1), 0
	empty := mem.New()
	create(t, empty)
	for seed := range uint64(60) {
		b := empty.Clone()
		f := backendtest.New(b)
		s := open(t, f, datastore.Options{})
		f.Random(seed, 0.01+0.04*float64(seed%5)/4, nil)
		for range 3 {
			res, err := backup.Run(t.Context(), s, src, backup.Options{})
			if err == nil {
				require.True(t, res.Complete, "storage that fails is no warning: %v", res.Warnings)
				done++
			}
		}
		f.Heal()
		requireWhole(t, b, src)
		run(t, s, src, backup.Options{})
		requireWhole(t, b, src)
	}
	require.NotZero(t, done)
	require.Less(t, done, 3*60)
}

// The process dies at any one of its writes: the store opens, what was promised is whole, and the next run finishes.
func TestBackupThatCrashesAtEachWrite(t *testing.T) {
	src, empty := small(2), mem.New()
	run(t, create(t, empty), small(3), backup.Options{Group: datastore.Group{Name: "other"}})
	for step := 1; ; step++ {
		b := empty.Clone()
		f := backendtest.New(b)
		s := open(t, f, datastore.Options{})
		f.CrashBefore(backendtest.Write, "", step)
		crashed, err := backup.Run(t.Context(), s, src, backup.Options{})
		if !f.Crashed() {
			require.NoError(t, err)
			return
		}
		if err == nil { // it died when all that was left was to say goodbye
			require.Len(t, crashed.Warnings, 1)
			requireContent(t, src.want(), content(t, open(t, b, datastore.Options{}), crashed.Snapshot))
		} else {
			require.ErrorIs(t, err, backendtest.ErrCrashed)
		}
		next := open(t, b, datastore.Options{})
		res := run(t, next, src, backup.Options{})
		requireContent(t, src.want(), content(t, next, res.Snapshot))
	}
}

// Canceled at any moment: nothing it started stays behind (see TestMain), nothing is promised, and the next run reuses
// what went up.
func TestCancel(t *testing.T) {
	src := fake{}
	for n := range 24 {
		src[fmt.Sprintf("%02d", n)] = newFile(noise(1<<20, byte(n)), old)
	}
	reused := 0
	for nth := 1; nth <= 9; nth += 3 {
		b := mem.New()
		create(t, b)
		f := backendtest.New(b)
		ctx, cancel := context.WithCancel(t.Context())
		seen := 0
		f.Before(func(c backendtest.Call) {
			if seen++; c.Kind != backendtest.List && seen >= 4+nth {
				cancel()
			}
		})
		s := open(t, f, datastore.Options{})
		_, err := backup.Run(ctx, s, src, backup.Options{})
		cancel()
		if err != nil {
			require.ErrorIs(t, err, context.Canceled)
		}
		left, err := backend.Names(t.Context(), b, "sessions/")
		require.NoError(t, err)
		require.Empty(t, left, "the session has said farewell")
		res := run(t, open(t, b, datastore.Options{}), src, backup.Options{})
		if res.Stats.BytesNew < res.Stats.BytesSource {
			reused++
		}
	}
	require.NotZero(t, reused)
}

// Runs at the same time, in one store and in several.
func TestBackupsAtTheSameTime(t *testing.T) {
	for name, stores := range map[string]int{"one store": 1, "two stores": 2} {
		t.Run(name, func(t *testing.T) {
			b, cache := mem.New(), t.TempDir()
			create(t, b)
			var opened []*datastore.Store
			for range stores {
				opened = append(opened, open(t, b, datastore.Options{CacheDir: cache}))
			}
			src := small(4)
			var group errgroup.Group
			for n := range 6 {
				group.Go(func() error {
					o := backup.Options{Group: datastore.Group{Name: fmt.Sprint("w", n%3)}}
					_, err := backup.Run(t.Context(), opened[n%stores], src, o)
					return err
				})
			}
			require.NoError(t, group.Wait())
			require.Equal(t, 6, requireWhole(t, b, src))
		})
	}
}
