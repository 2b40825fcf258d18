package retention

import (
	"errors"
	"fmt"
	"iter"
	"slices"
	"time"
)

// ErrNotAscending says that a backup of a forecast is not later than the one before it.
var ErrNotAscending = errors.New("not later than the backup before it")

// ForecastOptions are the circumstances of a forecast. The zero value is an empty store and UTC.
type ForecastOptions struct {
	// Zone is whose wall clock the windows count by; nil means UTC.
	Zone *time.Location

	// Existing are the snapshots that are there at the start, in any order, all older than the first backup. As in
	// real life none of them goes before that backup. Marks, holds included, are taken to last.
	Existing []Snapshot
}

// Forecast replays backups at the given times, each followed by a prune with the policy, and returns what becomes of
// every snapshot. The result at any moment is exactly that of calling [Plan] after each backup, for chained and for
// independent windows, but takes one pass: the cost of a backup does not grow with the number of snapshots kept.
//
// Times must be ascending and must end: [slices.Values] gives those of a list, and a schedule usually has a method or
// function that yields its moments between two others. A time that is not later than all before it ends the forecast
// with [ErrNotAscending].
func Forecast(policy Policy, times iter.Seq[time.Time], options ForecastOptions) (*Timeline, error) {
	f := newForecaster(policy, options)
	for t := range times {
		if err := f.backup(t); err != nil {
			return nil, fmt.Errorf("forecast %q: %w", policy, err)
		}
	}
	return f.finish(), nil
}

// forecaster is a forecast in the making. Snapshots are numbered as they come, oldest first.
type forecaster struct {
	policy   Policy
	windows  []window
	timeline *Timeline
	history  *history
	replayer replayer // nil while, or when, every prune must be planned in full
	alive    int
}

// history is what the replayers share: the periods of each snapshot so far, and what they do with one that goes.
type history struct {
	periods []periods
	ordered bool                         // no snapshot lies in an earlier period than one before it
	leave   func(n int, lastKept Reason) // the prune removes snapshot n
}

// replayer carries a set of kept snapshots from one prune to the next.
type replayer interface {
	// add is the next backup and the prune after it.
	add(n int)
}

func newForecaster(policy Policy, options ForecastOptions) *forecaster {
	f := &forecaster{
		policy:   policy,
		windows:  policy.windows(),
		timeline: &Timeline{zone: orUTC(options.Zone)},
		history:  &history{ordered: true},
	}
	f.history.leave = f.leave
	existing := slices.Clone(options.Existing)
	slices.SortFunc(existing, func(a, b Snapshot) int { return newestFirst(b, a) })
	for _, s := range existing {
		f.append(s)
	}
	f.countPeak()
	if len(existing) == 0 {
		f.replayer = f.newReplayer(nil)
	}
	return f
}

// newReplayer continues from kept snapshots, oldest first.
func (f *forecaster) newReplayer(kept []survivor) replayer {
	if f.policy.Independent {
		return newOverlap(f.windows, f.history, kept)
	}
	return newCascade(f.windows, f.history, kept)
}

func (f *forecaster) append(s Snapshot) {
	n := len(f.history.periods)
	p := periodsOf(s.Time, f.timeline.zone, n)
	if n > 0 && !p.follows(f.history.periods[n-1]) {
		f.history.ordered = false
	}
	f.history.periods = append(f.history.periods, p)
	f.timeline.Lives = append(f.timeline.Lives, Life{Snapshot: s})
	f.alive++
}

func (f *forecaster) backup(t time.Time) error {
	n := len(f.timeline.Lives)
	if n > 0 && !t.After(f.timeline.Lives[n-1].Time) {
		return fmt.Errorf("backup at %s: %w, at %s", t.Format(time.RFC3339), ErrNotAscending,
			f.timeline.Lives[n-1].Time.Format(time.RFC3339))
	}
	f.append(Snapshot{Time: t})
	f.prune(n)
	f.countPeak()
	return nil
}

// prune follows the n-th backup. The first one after a start with existing snapshots is planned in full, since marks
// and unfinished runs take part in it; from then on only windows decide.
func (f *forecaster) prune(n int) {
	if len(f.windows) == 0 {
		return
	}
	if !f.history.ordered {
		f.stopReplaying(n)
	}
	if f.replayer != nil {
		f.replayer.add(n)
		return
	}
	kept := f.planInFull()
	if f.history.ordered {
		f.replayer = f.newReplayer(kept)
	}
}

// stopReplaying leaves all prunes from the n-th backup on to planning in full. Replayers rely on a clock that never
// returns to a period it has left; the few that did were set back across midnight at an odd minute, as Saint John's
// was until 2011.
func (f *forecaster) stopReplaying(n int) {
	if f.replayer != nil {
		f.replayer = nil
		f.explain(f.survivors(n)) // replayers say only of those that go what kept them
	}
}

func (f *forecaster) leave(n int, lastKept Reason) {
	life := &f.timeline.Lives[n]
	life.Gone = f.timeline.Lives[len(f.timeline.Lives)-1].Time
	life.Stayed = lastKept
	f.alive--
}

func (f *forecaster) countPeak() {
	if f.alive > f.timeline.Peak {
		f.timeline.Peak = f.alive
		f.timeline.PeakTime = f.timeline.Lives[len(f.timeline.Lives)-1].Time
	}
}

func (f *forecaster) finish() *Timeline {
	f.timeline.Final = f.explain(f.survivors(len(f.timeline.Lives)))
	return f.timeline
}
