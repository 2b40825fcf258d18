package progress_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/task/progress"
)

// bench is a stage on which a test lets bytes flow and time pass in small steps, while somebody looks.
type bench struct {
	clock   *handClock
	tracker *progress.Tracker
	stage   *progress.Stage
	past    time.Duration
}

func newBench() *bench {
	clock := newHandClock()
	tracker := progress.New(clock.now)
	return &bench{clock: clock, tracker: tracker, stage: tracker.Stage("read", progress.Total{Bytes: 1 << 40})}
}

// flow lets time pass at a number of bytes a second. Whoever is given looks at such intervals.
func (b *bench) flow(span time.Duration, bytes int64, every ...time.Duration) {
	const step = 50 * time.Millisecond
	for range span / step {
		b.clock.advance(step)
		b.past += step
		b.stage.AddBytes(bytes * int64(step) / int64(time.Second))
		for _, interval := range every {
			if b.past%interval == 0 {
				b.tracker.Snapshot()
			}
		}
	}
}

func (b *bench) rate(t *testing.T) float64 { return only(t, b.tracker).Rate.Bytes }

func TestRateMoves(t *testing.T) {
	b := newBench()
	b.flow(time.Minute, 1000, time.Second)
	require.InDelta(t, 1000, b.rate(t), 1e-6)
	b.flow(15*time.Second, 4000, time.Second)
	require.InDelta(t, 4000, b.rate(t), 1e-6, "after the window nothing of the slow minute is left")
}

func TestRateIsTheAverageAtFirst(t *testing.T) {
	b := newBench()
	require.Zero(t, b.rate(t), "no time has passed")
	b.flow(2*time.Second, 1000, time.Second)
	b.flow(2*time.Second, 3000, time.Second)
	require.InDelta(t, 2000, b.rate(t), 1e-6)
}

func TestRateOfAStageThatStandsStill(t *testing.T) {
	b := newBench()
	b.flow(time.Minute, 1000, time.Second)
	b.flow(10*time.Second, 0, time.Second)
	require.InDelta(t, 1000.0/3, b.rate(t), 1e-6, "bytes flowed in 5 of the last 15 seconds")
	b.flow(5*time.Second, 0, time.Second)
	status := only(t, b.tracker)
	require.Zero(t, status.Rate.Bytes)
	require.EqualValues(t, progress.Unknown, status.Left)
}

func TestRateWhenNobodyLooks(t *testing.T) {
	b := newBench()
	b.flow(time.Minute, 1000)
	require.InDelta(t, 1000, b.rate(t), 1e-6, "the first look: the whole stage")
	b.flow(time.Minute, 3000)
	require.InDelta(t, 3000, b.rate(t), 1e-6, "the second look: what was since the first")
}

// Those who look often do not shorten the window of those who look seldom, nor see another rate themselves.
func TestObserversShareTheWindow(t *testing.T) {
	observers := map[string][]time.Duration{
		"one, every second":          {time.Second},
		"one, twenty times a second": {50 * time.Millisecond},
		"two":                        {50 * time.Millisecond, 7 * time.Second},
		"many":                       {100 * time.Millisecond, 250 * time.Millisecond, time.Second, 3 * time.Second},
	}
	for name, every := range observers {
		t.Run(name, func(t *testing.T) {
			b := newBench()
			b.flow(time.Minute, 1000, every...)
			b.flow(5*time.Second, 4000, every...)
			require.InDelta(t, 2000, b.rate(t), 1e-6, "10 s of the old rate and 5 s of the new")
			require.InDelta(t, b.rate(t), b.rate(t), 0, "the same moment has the same rate")
		})
	}
}

func TestClockSetBack(t *testing.T) {
	b := newBench()
	b.flow(30*time.Second, 1000, time.Second)
	b.clock.advance(-time.Hour)
	b.flow(5*time.Second, 1000, time.Second)
	status := only(t, b.tracker)
	require.InDelta(t, 1000, status.Rate.Bytes, 100, "at most a moment is lost")
	require.Positive(t, status.Left)

	b.stage.End()
	status = only(t, b.tracker)
	require.InDelta(t, 35*time.Second, status.Duration(status.Ended), float64(time.Second))
	require.InDelta(t, 1000, status.Rate.Bytes, 100)
}

func TestRateTakesHalfASecondToSettle(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tracker := progress.New(nil)
		stage := tracker.Stage("read", progress.Total{Bytes: 1 << 20})
		stage.AddBytes(1 << 10)
		time.Sleep(499 * time.Millisecond)
		status, _ := tracker.Snapshot().Current()
		require.Zero(t, status.Rate)
		require.EqualValues(t, progress.Unknown, status.Left)
		time.Sleep(time.Millisecond)
		status, _ = tracker.Snapshot().Current()
		require.EqualValues(t, 2<<10, status.Rate.Bytes)
		require.Positive(t, status.Left)
	})
}
