package interleave_test

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/heirloom-backup/heirloom/datastore/backend"
	"github.com/heirloom-backup/heirloom/datastore/internal/interleave"
)

func TestReplayRepeatsTheViolation(t *testing.T) {
	build := counter(packer("x", 1), adder("a"), adder("b"))
	_, err := interleave.Search(t, interleave.Bounds{Preemptions: 1, Crashes: 1}, build)
	found := violation(t, err)
	require.Equal(t, found, violation(t, interleave.Retry(t, found.Schedule, build)))

	interleave.Replay(t, "a*2 b*2", counter(adder("a"), adder("b")))
	interleave.Replay(t, "a a! b", counter(adder("a"), adder("b")))
	interleave.Replay(t, "", counter(adder("a"), adder("b")))
}

func TestReplayOfAnotherScenesSchedule(t *testing.T) {
	build := counter(adder("a"), adder("b"))
	for text, want := range map[string]string{
		"a*2 c":   `"c" is next, but the choice is [b: list n/]`,
		"a c!":    `"c!" is next, but the choice is [a: put n/0, b: list n/, a: crash before put n/0]`,
		"a*3 b":   `"a" is next`,
		"a! a":    `"a" is next`,
		"a*2 b*3": `it ended before the schedule, of which "b" was left`,
	} {
		violation(t, interleave.Retry(t, text, build), "the scene is not deterministic", want)
	}
	require.ErrorContains(t, interleave.Retry(t, "a b**", build), `schedule: "b**"`)
}

func TestPlayIsDrivenByItsCaller(t *testing.T) {
	build := counter(adder("a"), adder("b"))
	require.NoError(t, interleave.Play(t, all, func(int) int { return 0 }, build))
	last := func(n int) int { return n - 1 } // away from whoever moved last
	violation(t, interleave.Play(t, all, last, build), "1 updates are in the storage, 2 were made")
	require.NoError(t, interleave.Play(t, interleave.Bounds{}, last, build), "without preemptions there is no other way")
}

// In the goroutine of the bubble the panic could not be caught.
func TestPlayCarriesPanicsOn(t *testing.T) {
	require.PanicsWithValue(t, "enough", func() {
		_ = interleave.Play(t, all, func(int) int { panic("enough") }, scene(puts("a", 1)))
	})
}

func TestPlayUnderRapid(t *testing.T) {
	build := scene(packer("a", 2), packer("b", 1), reader("reader"))
	bounds := interleave.Bounds{Preemptions: interleave.Unlimited, Crashes: 2}
	rapid.Check(t, func(rt *rapid.T) {
		pick := func(n int) int { return rapid.IntRange(0, n-1).Draw(rt, "move") }
		if err := interleave.Play(t, bounds, pick, build); err != nil {
			rt.Fatal(err)
		}
	})
}

func TestRandomSchedules(t *testing.T) {
	report := interleave.Random(t, interleave.Odds{Runs: 200, Crashes: 1}, scene(packer("a", 3), reader("reader")))
	require.Equal(t, 200, report.Schedules)

	odds := interleave.Odds{Runs: 1000, Seed: 7}
	report, err := interleave.Sample(t, odds, counter(adder("a"), adder("b")))
	found := violation(t, err)
	require.Less(t, report.Schedules, 50)
	again, err := interleave.Sample(t, odds, counter(adder("a"), adder("b")))
	require.Equal(t, report, again)
	require.Equal(t, found, violation(t, err))

	_, err = interleave.Sample(t, interleave.Odds{}, counter(adder("a")))
	require.Error(t, err, "nothing would be tried")
}

// Chance reaches what is rare: the flaw shows only if a dies between its two puts.
func TestRandomCrashes(t *testing.T) {
	build := scene(puts("a", 2), interleave.Actor{Name: "b", Run: func(ctx context.Context, b backend.Backend) error {
		_, first := b.Get(ctx, "a/0", 0, 0)
		_, second := b.Get(ctx, "a/1", 0, 0)
		if first == nil && second != nil {
			return errors.New("half")
		}
		return nil
	}})
	odds := interleave.Odds{Runs: 1000, Switch: 1e-9, Crash: 0.2, Crashes: 1}
	_, err := interleave.Sample(t, odds, build)
	require.Contains(t, violation(t, err, "b failed: half").Schedule, "a a!")
	odds.Crashes = 0
	_, err = interleave.Sample(t, odds, build)
	require.NoError(t, err)
}
