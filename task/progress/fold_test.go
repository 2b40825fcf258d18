package progress_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/task/progress"
)

func TestManyStagesAreFolded(t *testing.T) {
	const many = 100_000
	clock := newHandClock()
	begun := clock.at
	tracker := progress.New(clock.now)
	whole := tracker.Stage("whole", progress.Total{})
	for i := range many {
		stage := tracker.Stage(fmt.Sprint("part ", i), progress.Total{Items: 1})
		stage.AddItems(1)
		clock.advance(time.Second)
		stage.End()
	}
	whole.AddBytes(1)

	snapshot := tracker.Snapshot()
	require.Len(t, snapshot.Stages, progress.MaxStages+1)
	require.Equal(t, progress.Count{Items: many, Bytes: 1}, snapshot.Work())

	const folded = many - (progress.MaxStages - 1)
	require.Equal(t, progress.Status{
		Name: progress.Earlier, Folded: folded,
		Started: begun, Ended: begun.Add(folded * time.Second),
		Done: progress.Count{Items: folded}, Rate: progress.Rate{Items: 1},
	}, snapshot.Stages[0])
	require.Equal(t, "whole", snapshot.Stages[1].Name, "a stage that goes on is always listed")
	require.Equal(t, fmt.Sprint("part ", folded), snapshot.Stages[2].Name)
	require.Equal(t, fmt.Sprint("part ", many-1), snapshot.Stages[progress.MaxStages].Name)
}

func TestOpenStagesAreListedUntilTheyEnd(t *testing.T) {
	clock := newHandClock()
	tracker := progress.New(clock.now)
	var stages []*progress.Stage
	for range progress.MaxStages + 20 {
		stages = append(stages, tracker.Stage("part", progress.Total{}))
		clock.advance(time.Second)
	}
	require.Len(t, tracker.Snapshot().Stages, len(stages))

	stages[7].AddItems(7)
	stages[7].End()
	snapshot := tracker.Snapshot()
	require.Equal(t, 1, snapshot.Stages[0].Folded)
	require.Equal(t, progress.Count{Items: 7}, snapshot.Stages[0].Done)
	stages[7].End()

	tracker.End()
	snapshot = tracker.Snapshot()
	require.Len(t, snapshot.Stages, progress.MaxStages+1)
	require.Equal(t, 20, snapshot.Stages[0].Folded)
	require.Equal(t, progress.Count{Items: 7}, snapshot.Work())
}

// The span of the sum is that of all in it, in whatever order they ended.
func TestFoldedSpan(t *testing.T) {
	clock := newHandClock()
	begun := clock.at
	tracker := progress.New(clock.now)
	first, second := tracker.Stage("first", progress.Total{}), tracker.Stage("second", progress.Total{})
	clock.advance(time.Second)
	second.End()
	clock.advance(time.Second)
	first.AddBytes(10)
	first.End()
	for range progress.MaxStages {
		tracker.Stage("more", progress.Total{})
	}
	sum := tracker.Snapshot().Stages[0]
	require.Equal(t, 2, sum.Folded)
	require.Equal(t, begun, sum.Started)
	require.Equal(t, begun.Add(2*time.Second), sum.Ended)
	require.Equal(t, progress.Rate{Bytes: 5}, sum.Rate)
}

// A snapshot that is folded says the same of all stages together, those included that were folded before.
func TestFolded(t *testing.T) {
	require.Equal(t, progress.Snapshot{}, progress.Snapshot{}.Folded())
	clock := newHandClock()
	tracker := progress.New(clock.now)
	begun := clock.at
	const many = progress.MaxStages + 20
	for range many {
		stage := tracker.Stage("part", progress.Total{Items: 1})
		stage.AddItems(1)
		clock.advance(time.Second)
		stage.End()
	}
	snapshot := tracker.Snapshot()
	folded := snapshot.Folded()
	require.Equal(t, snapshot.Work(), folded.Work())
	require.Equal(t, snapshot.Taken, folded.Taken)
	require.Equal(t, []progress.Status{{
		Name: progress.Earlier, Folded: many, Started: begun, Ended: begun.Add(many * time.Second),
		Done: progress.Count{Items: many}, Rate: progress.Rate{Items: 1},
	}}, folded.Stages)
	require.Len(t, snapshot.Stages, progress.MaxStages+1, "it is as it was")
}
