package progress_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/task/progress"
)

func TestTrySnapshot(t *testing.T) {
	tracker := progress.New(newHandClock().now)
	stage := tracker.Stage("upload", progress.Total{})
	stage.AddBytes(7)
	snapshot, ok := tracker.TrySnapshot()
	require.True(t, ok)
	require.Equal(t, tracker.Snapshot(), snapshot)

	asked := 0
	stage.Follow(func() progress.Count {
		asked++
		_, ok := tracker.TrySnapshot()
		require.False(t, ok, "somebody is at the tracker")
		return progress.Count{Bytes: 1}
	})
	_, ok = tracker.TrySnapshot()
	require.False(t, ok, "a function is followed")
	require.Zero(t, asked)
	stage.End()
	require.Equal(t, 1, asked)
	snapshot, ok = tracker.TrySnapshot()
	require.True(t, ok, "it is followed no more")
	require.EqualValues(t, 8, snapshot.Work().Bytes)

	var none *progress.Tracker
	snapshot, ok = none.TrySnapshot()
	require.True(t, ok)
	require.Zero(t, snapshot)
}
