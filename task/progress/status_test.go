package progress_test

import (
	"encoding/json"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/task/progress"
)

func TestFraction(t *testing.T) {
	for name, tc := range map[string]struct {
		done  progress.Count
		total progress.Total
		want  float64
		known bool
	}{
		"no total":             {done: progress.Count{Items: 5, Bytes: 5}},
		"totals unknown":       {total: progress.Total{Items: progress.Unknown, Bytes: progress.Unknown}},
		"bytes":                {progress.Count{Bytes: 25}, progress.Total{Bytes: 100}, 0.25, true},
		"items":                {progress.Count{Items: 1, Bytes: 99}, progress.Total{Items: 2, Bytes: progress.Unknown}, 0.5, true},
		"bytes before items":   {progress.Count{Items: 9, Bytes: 10}, progress.Total{Items: 10, Bytes: 100}, 0.1, true},
		"nothing done":         {progress.Count{}, progress.Total{Bytes: 100}, 0, true},
		"the source has grown": {progress.Count{Bytes: 150}, progress.Total{Bytes: 100}, 1, true},
	} {
		t.Run(name, func(t *testing.T) {
			got, known := progress.Status{Done: tc.done, Total: tc.total}.Fraction()
			require.Equal(t, tc.known, known)
			require.InDelta(t, tc.want, got, 1e-12)
		})
	}
}

func TestLeft(t *testing.T) {
	for name, tc := range map[string]struct {
		done  progress.Count // in ten seconds
		total progress.Total
		want  time.Duration
	}{
		"no total":                {progress.Count{Bytes: 10}, progress.Total{}, progress.Unknown},
		"nothing done yet":        {progress.Count{}, progress.Total{Bytes: 10}, progress.Unknown},
		"by bytes":                {progress.Count{Items: 1, Bytes: 10}, progress.Total{Items: 100, Bytes: 40}, 30 * time.Second},
		"by items":                {progress.Count{Items: 1, Bytes: 10}, progress.Total{Items: 2}, 10 * time.Second},
		"items flow, bytes don't": {progress.Count{Items: 5}, progress.Total{Items: 10, Bytes: 10}, progress.Unknown},
		"all done":                {progress.Count{Bytes: 10}, progress.Total{Bytes: 10}, 0},
		"more than all":           {progress.Count{Bytes: 11}, progress.Total{Bytes: 10}, progress.Unknown},
		"longer than can be said": {progress.Count{Bytes: 1}, progress.Total{Bytes: math.MaxInt64}, progress.Unknown},
	} {
		t.Run(name, func(t *testing.T) {
			clock := newHandClock()
			tracker := progress.New(clock.now)
			stage := tracker.Stage("read", tc.total)
			stage.AddItems(tc.done.Items)
			stage.AddBytes(tc.done.Bytes)
			clock.advance(10 * time.Second)
			require.Equal(t, tc.want, only(t, tracker).Left)
			stage.End()
			require.Zero(t, only(t, tracker).Left, "ended")
		})
	}
}

func TestTotalKnownBetter(t *testing.T) {
	clock := newHandClock()
	tracker := progress.New(clock.now)
	stage := tracker.Stage("read", progress.Total{})
	stage.AddBytes(50)
	clock.advance(time.Second)
	require.EqualValues(t, progress.Unknown, only(t, tracker).Left)
	stage.SetTotal(progress.Total{Bytes: 100})
	require.Equal(t, time.Second, only(t, tracker).Left)
	stage.SetTotal(progress.Total{Bytes: 200})
	require.Equal(t, 3*time.Second, only(t, tracker).Left)
}

func TestStageDuration(t *testing.T) {
	clock := newHandClock()
	tracker := progress.New(clock.now)
	stage := tracker.Stage("read", progress.Total{})
	clock.advance(time.Minute)
	snapshot := tracker.Snapshot()
	require.Equal(t, time.Minute, snapshot.Stages[0].Duration(snapshot.Taken))
	require.Zero(t, snapshot.Stages[0].Duration(snapshot.Taken.Add(-time.Hour)), "never negative")
	stage.End()
	require.Equal(t, time.Minute, only(t, tracker).Duration(clock.at.Add(time.Hour)), "ended")
}

func TestCurrentIsTheLastThatGoesOn(t *testing.T) {
	tracker := progress.New(newHandClock().now)
	current := func() string {
		status, _ := tracker.Snapshot().Current()
		return status.Name
	}
	require.Empty(t, current(), "before the first")
	outer := tracker.Stage("outer", progress.Total{})
	inner := tracker.Stage("inner", progress.Total{})
	require.Equal(t, "inner", current())
	inner.End()
	require.Equal(t, "outer", current())
	outer.End()
	_, running := tracker.Snapshot().Current()
	require.False(t, running, "after the last")
}

// Stores keep snapshots as JSON, so its form must not change by accident.
func TestSnapshotAsJSON(t *testing.T) {
	clock := newHandClock()
	tracker := progress.New(clock.now)
	tracker.Stage("scan", progress.Total{}).End()
	stage := tracker.Stage("upload", progress.Total{Items: progress.Unknown, Bytes: 100})
	stage.AddBytes(50)
	clock.advance(10 * time.Second)
	data, err := json.Marshal(tracker.Snapshot())
	require.NoError(t, err)
	require.JSONEq(t, `{
		"taken": "2026-11-22T02:00:10Z",
		"stages": [
			{"name": "scan", "started": "2026-11-22T02:00:00Z", "ended": "2026-11-22T02:00:00Z", "left": 0},
			{"name": "upload", "started": "2026-11-22T02:00:00Z", "done": {"bytes": 50},
			 "total": {"items": -1, "bytes": 100}, "rate": {"bytes": 5}, "left": 10000000000}
		]
	}`, string(data))

	empty, err := json.Marshal(progress.Snapshot{})
	require.NoError(t, err)
	require.Equal(t, "{}", string(empty))
}
