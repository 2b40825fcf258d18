package interleave_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/datastore/backend"
	"github.com/heirloom-backup/heirloom/datastore/backend/mem"
	"github.com/heirloom-backup/heirloom/datastore/internal/interleave"
)

// The schedules of n and m operations are the ways to choose n places of n+m.
func TestEveryScheduleIsRunOnce(t *testing.T) {
	for _, c := range []struct{ n, m, want int }{{1, 1, 2}, {2, 2, 6}, {3, 3, 20}, {5, 2, 21}, {5, 6, 462}} {
		t.Run(fmt.Sprint(c.n, c.m), func(t *testing.T) {
			report := interleave.Exhaust(t, interleave.Bounds{Preemptions: interleave.Unlimited, Unmerged: true},
				scene(puts("a", c.n), puts("b", c.m)))
			require.Equal(t, interleave.Report{
				Schedules: c.want, Steps: c.want * (c.n + c.m), States: (c.n + 1) * (c.m + 1), Complete: true,
			}, report)
		})
	}
}

func TestStatesAreMerged(t *testing.T) {
	report := interleave.Exhaust(t, all, scene(puts("a", 5), puts("b", 6)))
	require.Equal(t, 6*7, report.States, "the same as without merging")
	require.Less(t, report.Schedules+report.Cut, 100)
	require.True(t, report.Complete)
}

// Merging and the places where crashes are offered leave no state out.
func TestMergingLosesNothing(t *testing.T) {
	build := scene(packer("a", 1), reader("b"), adder("c"))
	for preemptions := range 4 {
		for crashes := range 3 {
			merged := interleave.Exhaust(t, interleave.Bounds{Preemptions: preemptions, Crashes: crashes}, build)
			every := interleave.Exhaust(t, interleave.Bounds{Preemptions: preemptions, Crashes: crashes, Unmerged: true}, build)
			require.Equal(t, every.States, merged.States, "%d preemptions, %d crashes", preemptions, crashes)
			require.LessOrEqual(t, merged.Steps, every.Steps)
		}
	}
}

func TestPreemptionsAreCounted(t *testing.T) {
	// Each of two actors has three operations, and so two places where it can be preempted.
	for preemptions, want := range []int{2, 2 + 4, 2 + 4 + 8, 18, 20, 20} {
		report := interleave.Exhaust(t, interleave.Bounds{Preemptions: preemptions, Unmerged: true},
			scene(puts("a", 3), puts("b", 3)))
		require.Equal(t, want, report.Schedules, "%d preemptions", preemptions)
	}
}

// With one actor, a crash is possible before each operation and nowhere else.
func TestCrashes(t *testing.T) {
	var left []int
	report := interleave.Exhaust(t, interleave.Bounds{Crashes: 1}, func(t *testing.T) interleave.Scene {
		storage := mem.New()
		return interleave.Scene{
			Storage: storage,
			Actors:  []interleave.Actor{puts("a", 3)},
			Check: func(outcomes map[string]error) error {
				names, err := backend.Names(t.Context(), storage, "")
				left = append(left, len(names))
				if len(names) < 3 {
					require.Equal(t, map[string]error{"a": interleave.ErrCrashed}, outcomes)
				}
				return err
			},
		}
	})
	require.Equal(t, []int{3, 2, 1, 0}, left)
	require.Equal(t, 4, report.Schedules)
}

func TestEachActorCrashesAtMostOnce(t *testing.T) {
	one := interleave.Bounds{Preemptions: interleave.Unlimited, Crashes: 1, Unmerged: true}
	many := one
	many.Crashes = interleave.Unlimited
	build := scene(puts("a", 1), puts("b", 1))
	require.Equal(t, 2+2, interleave.Exhaust(t, one, build).Schedules, "both run, or one and not the other")
	require.Equal(t, 2+2+2, interleave.Exhaust(t, many, build).Schedules, "or neither, in two ways")
}

func TestLostUpdateIsFound(t *testing.T) {
	build := counter(adder("a"), adder("b"))
	report := interleave.Exhaust(t, interleave.Bounds{Crashes: interleave.Unlimited}, build)
	require.True(t, report.Complete, "without a preemption there is no flaw")

	_, err := interleave.Search(t, interleave.Bounds{Preemptions: 1}, build)
	v := violation(t, err, "1 updates are in the storage, 2 were made")
	require.Equal(t, "a b*2 a", v.Schedule)
	require.Equal(t, []string{
		"step  actor  operation  name  outcome",
		"1     a      list       n/    ok",
		"2     b      list       n/    ok",
		"3     b      put        n/0   ok",
		"4     a      put        n/0   exists",
	}, lines(v.Trace))
}

// Each asks whether the other is in before it goes in: between one's question and its deed the other does both.
func TestCheckThenAct(t *testing.T) {
	errBoth := errors.New("both are in")
	enter := func(own, other string) interleave.Actor {
		return interleave.Actor{Name: own, Run: func(ctx context.Context, b backend.Backend) error {
			if _, err := b.Get(ctx, "in/"+other, 0, 0); err == nil {
				return nil
			}
			return b.Put(ctx, "in/"+own, nil)
		}}
	}
	build := func(t *testing.T) interleave.Scene {
		storage := mem.New()
		return interleave.Scene{
			Storage: storage,
			Actors:  []interleave.Actor{enter("a", "b"), enter("b", "a")},
			Step: func(o interleave.Operation) error {
				if names, err := backend.Names(t.Context(), storage, "in/"); err != nil || len(names) == 2 {
					return errors.Join(err, errBoth)
				}
				return nil
			},
		}
	}
	require.True(t, interleave.Exhaust(t, interleave.Bounds{}, build).Complete)
	_, err := interleave.Search(t, interleave.Bounds{Preemptions: 1}, build)
	require.ErrorIs(t, err, errBoth)
	require.Equal(t, "a b*2 a", violation(t, err).Schedule)
}

// b answers only after a has asked, and a has to see the answer before b goes on: each must be interrupted once.
func TestFlawThatNeedsTwoPreemptions(t *testing.T) {
	has := func(ctx context.Context, b backend.Backend, name string) bool {
		_, err := b.Get(ctx, name, 0, 0)
		return err == nil
	}
	a := func(ctx context.Context, b backend.Backend) error {
		_ = b.Put(ctx, "question", nil)
		if !has(ctx, b, "answer") {
			return b.Put(ctx, "gave-up", nil)
		}
		return b.Put(ctx, "heard", nil)
	}
	b := func(ctx context.Context, b backend.Backend) error {
		if !has(ctx, b, "question") {
			return nil
		}
		_ = b.Put(ctx, "answer", nil)
		if has(ctx, b, "heard") {
			return errors.New("heard")
		}
		return nil
	}
	build := scene(interleave.Actor{Name: "a", Run: a}, interleave.Actor{Name: "b", Run: b})
	require.True(t, interleave.Exhaust(t, interleave.Bounds{Preemptions: 1, Crashes: 1}, build).Complete)
	_, err := interleave.Search(t, interleave.Bounds{Preemptions: 2}, build)
	require.Equal(t, "a b*2 a*2 b", violation(t, err, "b failed: heard").Schedule)
}

func TestNumberOfSchedulesIsLimited(t *testing.T) {
	report := interleave.Exhaust(t, interleave.Bounds{Preemptions: interleave.Unlimited, Schedules: 5, Unmerged: true},
		scene(puts("a", 5), puts("b", 6)))
	require.Equal(t, 5, report.Schedules)
	require.False(t, report.Complete)
}
