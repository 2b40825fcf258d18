package interleave_test

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"github.com/heirloom-backup/heirloom/datastore/backend"
	"github.com/heirloom-backup/heirloom/datastore/backend/mem"
	"github.com/heirloom-backup/heirloom/datastore/internal/interleave"
)

func newID() string {
	var p [16]byte
	_, _ = rand.Read(p[:]) // never fails
	return hex.EncodeToString(p[:])
}

// packer stores n objects under random names, each with another one that names it, and removes the first.
func packer(name string, n int) interleave.Actor {
	return interleave.Actor{Name: name, Run: func(ctx context.Context, b backend.Backend) error {
		var ids []string
		for range n {
			id := newID()
			ids = append(ids, id)
			if err := b.Put(ctx, "packs/"+id[:2]+"/"+id, []byte(id)); err != nil {
				return err
			}
			if err := b.Put(ctx, "index/"+id, nil); err != nil {
				return err
			}
		}
		return b.Delete(ctx, "index/"+ids[0])
	}}
}

// reader reads all packs in the order in which they are listed.
func reader(name string) interleave.Actor {
	return interleave.Actor{Name: name, Run: func(ctx context.Context, b backend.Backend) error {
		names, err := backend.Names(ctx, b, "packs/")
		for _, name := range names {
			if _, err := backend.ReadAll(ctx, b, name, 100); err != nil {
				return err
			}
		}
		return err
	}}
}

// Names are random, and still states are recognised and schedules repeatable.
func TestRandomIDs(t *testing.T) {
	report := interleave.Exhaust(t, interleave.Bounds{Preemptions: interleave.Unlimited},
		scene(packer("a", 2), packer("b", 2)))
	require.Equal(t, 6*6, report.States)
	report = interleave.Exhaust(t, interleave.Bounds{Preemptions: 2, Crashes: 1},
		scene(packer("a", 2), packer("b", 2), reader("reader")))
	require.True(t, report.Complete)
}

// An actor whose goroutines store at the same time does so in the same order each time.
func TestActorOfSeveralGoroutines(t *testing.T) {
	build := scene(puts("a", 3), interleave.Actor{Name: "b", Run: func(ctx context.Context, b backend.Backend) error {
		group, ctx := errgroup.WithContext(ctx)
		for i := range 3 {
			group.Go(func() error { return b.Put(ctx, fmt.Sprintf("b/%d", i), nil) })
		}
		return group.Wait()
	}})
	report := interleave.Exhaust(t, interleave.Bounds{Preemptions: interleave.Unlimited, Unmerged: true}, build)
	require.Equal(t, 20, report.Schedules)
	report = interleave.Exhaust(t, interleave.Bounds{Preemptions: interleave.Unlimited, Crashes: 2}, build)
	require.True(t, report.Complete)
}

// An operation whose context ends while it waits for its turn does not happen.
func TestContextEndsWhileAnOperationWaits(t *testing.T) {
	interleave.Exhaust(t, interleave.Bounds{}, func(t *testing.T) interleave.Scene {
		storage := mem.New()
		return interleave.Scene{Storage: storage,
			Actors: []interleave.Actor{{Name: "a", Run: func(ctx context.Context, b backend.Backend) error {
				ctx, cancel := context.WithCancel(ctx)
				var group sync.WaitGroup
				group.Go(func() {
					_, _ = b.Get(context.WithoutCancel(ctx), "first", 0, -1)
					cancel()
				})
				err := b.Put(ctx, "second", nil)
				group.Wait()
				return err
			}}},
			Check: func(outcomes map[string]error) error {
				require.ErrorIs(t, outcomes["a"], context.Canceled)
				_, err := storage.Get(t.Context(), "second", 0, -1)
				require.ErrorIs(t, err, backend.ErrNotFound)
				return nil
			}}
	})
}

// Time passes only when nobody wants anything of the storage, and then as far as it must.
func TestTimePasses(t *testing.T) {
	sleeper := func(name string, pause time.Duration) interleave.Actor {
		return interleave.Actor{Name: name, Run: func(ctx context.Context, b backend.Backend) error {
			began := time.Now()
			time.Sleep(pause)
			if waited := time.Since(began); waited != pause {
				return fmt.Errorf("waited %v", waited)
			}
			return b.Put(ctx, name, nil)
		}}
	}
	report := interleave.Exhaust(t, interleave.Bounds{Preemptions: interleave.Unlimited, Crashes: 1, Unmerged: true},
		scene(sleeper("a", time.Minute), sleeper("b", time.Hour), puts("c", 2)))
	require.Equal(t, 1+4, report.Schedules, "nothing to choose but where to crash")
}

func TestCrashedActorLearnsNothingAndChangesNothing(t *testing.T) {
	build := func(t *testing.T) interleave.Scene {
		storage := mem.New()
		return interleave.Scene{Storage: storage,
			Actors: []interleave.Actor{{Name: "a", Run: func(ctx context.Context, b backend.Backend) error {
				err := b.Put(ctx, "a", nil)
				if err == nil {
					return nil
				}
				require.ErrorIs(t, ctx.Err(), context.Canceled)
				ctx = context.WithoutCancel(ctx)
				_, getErr := b.Get(ctx, "a", 0, -1)
				_, listErr := backend.Names(ctx, b, "")
				for _, err := range []error{err, b.Put(ctx, "again", nil), b.Delete(ctx, "seed"), getErr, listErr} {
					require.ErrorIs(t, err, interleave.ErrCrashed)
				}
				return errors.New("not what Check sees")
			}}},
			Check: func(outcomes map[string]error) error {
				names, err := backend.Names(t.Context(), storage, "")
				if outcomes["a"] != nil {
					require.Equal(t, interleave.ErrCrashed, outcomes["a"])
					require.Empty(t, names)
				}
				return err
			}}
	}
	require.Equal(t, 2, interleave.Exhaust(t, interleave.Bounds{Crashes: 1}, build).Schedules)
}

// Operations that need no choice multiply nothing, and are seen by Step like all others.
func TestUnscheduledOperations(t *testing.T) {
	var seen []string
	report := interleave.Exhaust(t, interleave.Bounds{Preemptions: interleave.Unlimited, Unmerged: true},
		func(*testing.T) interleave.Scene {
			seen = nil
			return interleave.Scene{
				Storage:     mem.New(),
				Actors:      []interleave.Actor{puts("a", 5), puts("b", 5)},
				Unscheduled: func(o interleave.Operation) bool { return o.Name != "a/2" && o.Name != "b/2" },
				Step:        func(o interleave.Operation) error { seen = append(seen, o.Name); return nil },
			}
		})
	require.Equal(t, 2, report.Schedules)
	require.Equal(t, 2*10, report.Steps)
	require.Equal(t, []string{"a/0", "a/1", "b/0", "b/1"}, seen[:4])
	require.Len(t, seen, 10)
}

func TestListingsAreSortedByCanonicalName(t *testing.T) {
	var orders [][]string
	interleave.Exhaust(t, interleave.Bounds{Preemptions: 1}, func(t *testing.T) interleave.Scene {
		storage := mem.New()
		for _, name := range []string{"x/3", "x/1", "x/2"} {
			require.NoError(t, storage.Put(t.Context(), name, nil))
		}
		return interleave.Scene{Storage: storage, Actors: []interleave.Actor{{Name: "a",
			Run: func(ctx context.Context, b backend.Backend) error {
				names, err := backend.Names(ctx, b, "x/")
				orders = append(orders, slices.Clone(names))
				return err
			}}}}
	})
	require.Equal(t, [][]string{{"x/1", "x/2", "x/3"}}, orders)
}
