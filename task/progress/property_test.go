package progress_test

import (
	"encoding/json"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/heirloom-backup/heirloom/task/progress"
)

// machine drives a tracker at random, and knows what must have been counted.
type machine struct {
	clock   *handClock
	tracker *progress.Tracker
	open    []*progress.Stage
	work    progress.Count
	last    progress.Snapshot
}

func TestTrackerAtRandom(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		clock := newHandClock()
		m := &machine{clock: clock, tracker: progress.New(clock.now)}
		t.Repeat(map[string]func(*rapid.T){
			"begin":    m.begin,
			"burst":    m.burst,
			"add":      m.add,
			"end":      m.end,
			"end all":  m.endAll,
			"time":     m.passTime,
			"set back": m.setBack,
			"as JSON":  m.throughJSON,
			"":         m.check,
		})
	})
}

func drawTotal(t *rapid.T) progress.Total {
	number := rapid.OneOf(rapid.Just(int64(progress.Unknown)), rapid.Int64Range(0, 1000), rapid.Just(int64(math.MaxInt64)))
	return progress.Total{Items: number.Draw(t, "items"), Bytes: number.Draw(t, "bytes")}
}

func (m *machine) begin(t *rapid.T) {
	m.open = append(m.open, m.tracker.Stage("stage", drawTotal(t)))
}

// burst begins and ends so many stages that some are folded.
func (m *machine) burst(t *rapid.T) {
	for range rapid.IntRange(1, 2*progress.MaxStages).Draw(t, "stages") {
		stage := m.tracker.Stage("short", progress.Total{})
		stage.AddItems(1)
		stage.End()
		m.work.Items++
	}
}

func (m *machine) add(t *rapid.T) {
	if len(m.open) == 0 {
		t.Skip("no stage")
	}
	stage := rapid.SampledFrom(m.open).Draw(t, "stage")
	n := rapid.Int64Range(1, 1<<50).Draw(t, "n")
	stage.AddItems(1)
	stage.AddBytes(n)
	stage.Follow(func() progress.Count { return progress.Count{Transferred: n} })
	m.work = m.work.Plus(progress.Count{Items: 1, Bytes: n, Transferred: n})
}

func (m *machine) end(t *rapid.T) {
	if len(m.open) == 0 {
		t.Skip("no stage")
	}
	i := rapid.IntRange(0, len(m.open)-1).Draw(t, "stage")
	m.open[i].End()
	m.open = append(m.open[:i], m.open[i+1:]...)
}

func (m *machine) endAll(*rapid.T) {
	m.tracker.End()
	m.open = nil
}

func (m *machine) passTime(t *rapid.T) {
	m.clock.advance(time.Duration(rapid.Int64Range(0, int64(time.Minute)).Draw(t, "pass")))
}

func (m *machine) setBack(t *rapid.T) {
	m.clock.advance(-time.Duration(rapid.Int64Range(0, int64(2*time.Hour)).Draw(t, "back")))
}

func (m *machine) check(t *rapid.T) {
	snapshot := m.tracker.Snapshot()
	require.Equal(t, m.work, snapshot.Work())
	require.LessOrEqual(t, len(snapshot.Stages), progress.MaxStages+1+len(m.open))
	require.False(t, snapshot.Taken.Before(m.last.Taken), "time does not go back")
	_, running := snapshot.Current()
	require.Equal(t, len(m.open) > 0, running)
	for _, status := range snapshot.Stages {
		checkStatus(t, status, snapshot.Taken)
	}
	m.last = snapshot
}

func (m *machine) throughJSON(t *rapid.T) {
	data, err := json.Marshal(m.last)
	require.NoError(t, err)
	var back progress.Snapshot
	require.NoError(t, json.Unmarshal(data, &back))
	require.Equal(t, m.last, back)
}

// checkStatus does without package require: it looks at a hundred stages after each step.
func checkStatus(t *rapid.T, status progress.Status, now time.Time) {
	for _, rate := range []float64{status.Rate.Items, status.Rate.Bytes, status.Rate.Transferred} {
		if math.IsNaN(rate) || math.IsInf(rate, 0) || rate < 0 {
			t.Fatalf("a rate of %+v is not one", status)
		}
	}
	if fraction, _ := status.Fraction(); !(fraction >= 0 && fraction <= 1) {
		t.Fatalf("the fraction of %+v is %v", status, fraction)
	}
	if status.Left < 0 && status.Left != progress.Unknown || status.Left != 0 && !status.Ended.IsZero() {
		t.Fatalf("the time left of %+v is %v", status, status.Left)
	}
	if status.Duration(now) < 0 {
		t.Fatalf("%+v took %v", status, status.Duration(now))
	}
}
