package progress

import (
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// MaxStages is how many stages a tracker lists one by one. When there are more, those that ended are folded, the oldest
// first, into one status named Earlier at the head of the list: their counts stay, and so Work is exact, but their names
// and totals go. Stages that have not ended are always listed, however many they are.
const MaxStages = 100

// Tracker counts the work of one task. It is made by New, and safe for concurrent use. So is a nil one, which counts
// nothing.
type Tracker struct {
	mu      sync.Mutex // never taken by what counts
	clock   clock
	earlier Status   // sum of the stages that are not listed any more
	stages  []*Stage // in the order in which they began

	current atomic.Pointer[string] // name of the stage that goes on
}

// New makes a tracker that takes the time from now, by one goroutine at a time; nil stands for time.Now. Its lock is held
// meanwhile, so now must not call the tracker.
func New(now func() time.Time) *Tracker { return &Tracker{clock: newClock(now)} }

// Stage begins a stage. Several may go on at a time, and several may have the same name. The zero Total stands for one
// that is not known, or not yet.
func (t *Tracker) Stage(name string, total Total) *Stage {
	if t == nil {
		return nil
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	s := newStage(t, name, total, t.clock.elapsed())
	t.stages = append(t.stages, s)
	t.fold()
	t.noteCurrentLocked()
	return s
}

// End ends all stages that have not ended. Others may begin later.
func (t *Tracker) End() {
	if t == nil {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	now := t.clock.elapsed()
	for _, s := range t.stages {
		s.endLocked(now)
	}
	t.fold()
	t.noteCurrentLocked()
}

// Snapshot returns how far the work has come. What was added to a stage before the call is in it; of what is added
// meanwhile, some may be. Counts never go down from one snapshot to the next.
//
// It never holds up those who count. Taking one every second keeps the rates exact, see Window; taking more of them
// changes nothing.
func (t *Tracker) Snapshot() Snapshot {
	if t == nil {
		return Snapshot{}
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.snapshotLocked()
}

// TrySnapshot is Snapshot for those who must not wait. It returns false if they would have to: functions are followed, or
// somebody is at the tracker.
func (t *Tracker) TrySnapshot() (Snapshot, bool) {
	if t == nil {
		return Snapshot{}, true
	}
	if !t.mu.TryLock() {
		return Snapshot{}, false
	}
	defer t.mu.Unlock()
	if slices.ContainsFunc(t.stages, func(s *Stage) bool { return len(s.follow) > 0 }) {
		return Snapshot{}, false
	}
	return t.snapshotLocked(), true
}

func (t *Tracker) snapshotLocked() Snapshot {
	now := t.clock.elapsed()
	list := slices.Grow([]Status(nil), len(t.stages)+min(1, t.earlier.Folded))
	if t.earlier.Folded > 0 {
		list = append(list, t.earlier)
	}
	for _, s := range t.stages {
		list = append(list, s.statusLocked(now))
	}
	return Snapshot{Taken: t.clock.time(now), Stages: list}
}

// fold makes the list as short as it is to be, if enough stages have ended.
func (t *Tracker) fold() {
	for len(t.stages) > MaxStages && t.foldOne() {
	}
}

// foldOne folds the first stage that has ended, and tells whether there was one. It takes much of a stack, and is seldom
// called.
func (t *Tracker) foldOne() bool {
	i := slices.IndexFunc(t.stages, func(s *Stage) bool { return s.ended })
	if i >= 0 {
		t.earlier = t.earlier.fold(t.stages[i].final)
		t.stages = slices.Delete(t.stages, i, i+1)
	}
	return i >= 0
}

// Current returns the name of the stage that began last of those that have not ended, "" if there is none. It waits for
// nobody: whatever writes a log asks it for each line.
func (t *Tracker) Current() string {
	if t == nil {
		return ""
	}
	if name := t.current.Load(); name != nil {
		return *name
	}
	return ""
}

// noteCurrentLocked keeps what Current returns.
func (t *Tracker) noteCurrentLocked() {
	for _, s := range slices.Backward(t.stages) {
		if !s.ended {
			t.current.Store(&s.name)
			return
		}
	}
	t.current.Store(nil)
}
