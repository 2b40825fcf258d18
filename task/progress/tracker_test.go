package progress_test

import (
	"encoding/json"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/task/progress"
)

// handClock is a clock that a test moves.
type handClock struct{ at time.Time }

func newHandClock() *handClock {
	return &handClock{time.Date(2026, 11, 22, 2, 0, 0, 0, time.UTC)}
}

func (c *handClock) now() time.Time          { return c.at }
func (c *handClock) advance(d time.Duration) { c.at = c.at.Add(d) }

// only returns the status of the one stage there is.
func only(t require.TestingT, tracker *progress.Tracker) progress.Status {
	snapshot := tracker.Snapshot()
	require.Len(t, snapshot.Stages, 1)
	return snapshot.Stages[0]
}

func TestStageFromBeginningToEnd(t *testing.T) {
	clock := newHandClock()
	begun := clock.at
	tracker := progress.New(clock.now)
	stage := tracker.Stage("upload", progress.Total{Bytes: 1000})

	clock.advance(10 * time.Second)
	stage.AddItems(2)
	stage.AddBytes(250)
	stage.AddTransferred(50)
	want := progress.Status{
		Name: "upload", Started: begun,
		Done:  progress.Count{Items: 2, Bytes: 250, Transferred: 50},
		Total: progress.Total{Bytes: 1000},
		Rate:  progress.Rate{Items: 0.2, Bytes: 25, Transferred: 5},
		Left:  30 * time.Second,
	}
	require.Equal(t, progress.Snapshot{Taken: clock.at, Stages: []progress.Status{want}}, tracker.Snapshot())

	clock.advance(10 * time.Second)
	stage.AddBytes(350)
	stage.End()
	want.Ended, want.Left = clock.at, 0
	want.Done.Bytes = 600
	want.Rate = progress.Rate{Items: 0.1, Bytes: 30, Transferred: 2.5}
	require.Equal(t, want, only(t, tracker), "the rate is the average, and nothing is left")

	clock.advance(time.Hour)
	stage.AddBytes(1)
	stage.SetTotal(progress.Total{Items: 7})
	stage.Follow(func() progress.Count { return progress.Count{Items: 1000} })
	stage.End()
	require.Equal(t, want, only(t, tracker), "nothing changes after the end")
}

func TestOnlyWhatIsPositiveCounts(t *testing.T) {
	tracker := progress.New(newHandClock().now)
	stage := tracker.Stage("scan", progress.Total{Items: -5, Bytes: progress.Unknown})
	stage.AddItems(-1)
	stage.AddBytes(-1)
	stage.AddTransferred(-1)
	status := only(t, tracker)
	require.Zero(t, status.Done)
	require.Equal(t, progress.Total{Items: progress.Unknown, Bytes: progress.Unknown}, status.Total)
}

func TestTrackerEndsWhatIsOpen(t *testing.T) {
	clock := newHandClock()
	tracker := progress.New(clock.now)
	scan := tracker.Stage("scan", progress.Total{})
	clock.advance(time.Second)
	scan.End()
	tracker.Stage("upload", progress.Total{})
	clock.advance(time.Second)
	tracker.End()

	stages := tracker.Snapshot().Stages
	require.Equal(t, clock.at.Add(-time.Second), stages[0].Ended, "what had ended keeps its time")
	require.Equal(t, clock.at, stages[1].Ended)

	tracker.Stage("cleanup", progress.Total{})
	current, running := tracker.Snapshot().Current()
	require.True(t, running, "another stage may follow")
	require.Equal(t, "cleanup", current.Name)
}

func TestNilCountsNothing(t *testing.T) {
	var tracker *progress.Tracker
	stage := tracker.Stage("upload", progress.Total{Bytes: 1})
	require.Nil(t, stage)
	stage.AddItems(1)
	stage.AddBytes(1)
	stage.AddTransferred(1)
	stage.SetTotal(progress.Total{})
	stage.Follow(func() progress.Count { panic("nobody asks") })
	stage.End()
	tracker.End()
	require.Zero(t, tracker.Snapshot())
}

func TestFollow(t *testing.T) {
	tracker := progress.New(newHandClock().now)
	stage := tracker.Stage("pack", progress.Total{})
	var first, second progress.Count
	asked := 0
	stage.Follow(func() progress.Count { asked++; return first })
	stage.Follow(func() progress.Count { return second })

	stage.AddBytes(1)
	first, second = progress.Count{Bytes: 10, Items: 5}, progress.Count{Bytes: 100}
	require.Equal(t, progress.Count{Items: 5, Bytes: 111}, only(t, tracker).Done, "all of them add up")

	first = progress.Count{Bytes: 7, Items: 6}
	require.Equal(t, progress.Count{Items: 6, Bytes: 111}, only(t, tracker).Done, "no number goes down")

	second.Bytes = 1000
	stage.End()
	require.Equal(t, int64(1008), only(t, tracker).Done.Bytes, "it is asked once more at the end")
	before := asked
	tracker.Snapshot()
	require.Equal(t, before, asked, "and never again")
}

func TestSnapshotIsAValue(t *testing.T) {
	tracker := progress.New(newHandClock().now)
	stage := tracker.Stage("upload", progress.Total{})
	snapshot := tracker.Snapshot()
	stage.AddBytes(1)
	stage.End()
	require.Zero(t, snapshot.Stages[0].Done)
	require.Zero(t, snapshot.Stages[0].Ended)
}

func TestRealTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tracker := progress.New(nil)
		stage := tracker.Stage("download", progress.Total{Bytes: 60_000})
		for range 30 {
			time.Sleep(time.Second)
			stage.AddBytes(1000)
			tracker.Snapshot()
		}
		status := only(t, tracker)
		require.InDelta(t, 1000, status.Rate.Bytes, 1e-9)
		require.Equal(t, 30*time.Second, status.Left)

		data, err := json.Marshal(tracker.Snapshot())
		require.NoError(t, err)
		var back progress.Snapshot
		require.NoError(t, json.Unmarshal(data, &back))
		require.Equal(t, tracker.Snapshot(), back, "no time holds what its text does not")
	})
}

// Many goroutines add, follow and end while others look. The race detector has its say, too.
func TestConcurrentUse(t *testing.T) {
	const workers, each = 4, 500
	tracker := progress.New(nil)
	stage := tracker.Stage("shared", progress.Total{})
	var adding, looking sync.WaitGroup
	done := make(chan struct{})
	looking.Go(func() { lookUntil(t, tracker, done) })
	for worker := range workers {
		adding.Go(func() {
			own := tracker.Stage(fmt.Sprint("worker ", worker), progress.Total{})
			defer own.End()
			own.Follow(func() progress.Count { return progress.Count{Transferred: 1} })
			for i := range each {
				stage.AddBytes(2)
				own.AddItems(1)
				own.SetTotal(progress.Total{Items: int64(i)})
				tracker.Stage("short", progress.Total{}).End()
			}
		})
	}
	adding.Wait()
	tracker.End()
	close(done)
	looking.Wait()
	want := progress.Count{Items: workers * each, Bytes: 2 * workers * each, Transferred: workers}
	require.Equal(t, want, tracker.Snapshot().Work())
}

// lookUntil takes snapshots until done is closed, and checks that no count goes down.
func lookUntil(t *testing.T, tracker *progress.Tracker, done <-chan struct{}) {
	var last progress.Count
	for {
		select {
		case <-done:
			return
		default:
		}
		work := tracker.Snapshot().Work()
		if work.Items < last.Items || work.Bytes < last.Bytes || work.Transferred < last.Transferred {
			t.Errorf("after %+v the work was %+v", last, work)
		}
		last = work
	}
}
