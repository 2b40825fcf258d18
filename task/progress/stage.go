package progress

import (
	"sync/atomic"
	"time"
)

// Stage is one part of the work. Tracker.Stage begins it. Its methods are safe for concurrent use, and do nothing on a
// nil Stage.
//
// What is not positive is not counted, nor is what is added after the end.
type Stage struct {
	// Those who read and those who send are often different goroutines. Each has a cache line of its own, so that they do
	// not slow each other down: half the time on two cores, see BenchmarkReadAndSend. Items and bytes mostly go together.
	items, bytes atomic.Int64
	_            [cacheLine]byte
	transferred  atomic.Int64
	_            [cacheLine]byte

	totalItems, totalBytes atomic.Int64

	tracker *Tracker
	name    string
	began   time.Duration

	// Under the tracker's lock.
	window   window
	follow   []func() Count
	followed Count // the most that follow has returned: a count does not go down
	ended    bool
	final    Status // when ended
}

const cacheLine = 64 // bytes, on nearly all machines

func newStage(t *Tracker, name string, total Total, now time.Duration) *Stage {
	s := &Stage{tracker: t, name: name, began: now, window: beginWindow(now)}
	s.SetTotal(total)
	return s
}

// AddItems counts items that are done.
func (s *Stage) AddItems(n int64) {
	if s != nil && n > 0 {
		s.items.Add(n)
	}
}

// AddBytes counts bytes that were processed.
func (s *Stage) AddBytes(n int64) {
	if s != nil && n > 0 {
		s.bytes.Add(n)
	}
}

// AddTransferred counts bytes that went to or came from somewhere else. They are not added to the bytes processed.
func (s *Stage) AddTransferred(n int64) {
	if s != nil && n > 0 {
		s.transferred.Add(n)
	}
}

// Write counts the bytes and keeps nothing: a stage can stand where a reader or writer is copied to, as in
// io.MultiWriter(file, stage) or io.TeeReader(body, stage). It never fails.
func (s *Stage) Write(p []byte) (int, error) {
	s.AddBytes(int64(len(p)))
	return len(p), nil
}

// SetTotal says how much there is to do, when that becomes known, or known better. It is as cheap as counting.
func (s *Stage) SetTotal(total Total) {
	if s != nil {
		s.totalItems.Store(max(Unknown, total.Items))
		s.totalBytes.Store(max(Unknown, total.Bytes))
	}
}

// Follow is for work that keeps counters of its own: f returns what they say, from zero when the stage began. It is
// called when a snapshot is taken and a last time at the end, by one goroutine at a time, and never after End has
// returned. What it returns is added to what the other methods count and to other functions that are followed.
//
// The tracker's lock is held meanwhile: f must be quick and must not wait for anybody who begins or ends a stage or
// takes a snapshot. (Whoever must not wait for f takes a Tracker.TrySnapshot.) If it panics, the stage asks nobody any more
// and keeps to what it knows.
func (s *Stage) Follow(f func() Count) {
	if s == nil {
		return
	}
	s.tracker.mu.Lock()
	defer s.tracker.mu.Unlock()
	if !s.ended {
		s.follow = append(s.follow, f)
	}
}

// End ends the stage: its counts, its time and its rate stay as they are. What was added before the call is in them. A
// second call does nothing.
func (s *Stage) End() {
	if s == nil {
		return
	}
	s.tracker.mu.Lock()
	defer s.tracker.mu.Unlock()
	s.endLocked(s.tracker.clock.elapsed())
	s.tracker.fold()
	s.tracker.noteCurrentLocked()
}

func (s *Stage) endLocked(now time.Duration) {
	if s.ended {
		return
	}
	s.final = s.describe()
	s.final.Ended = s.tracker.clock.time(now)
	s.final.Rate = s.final.Done.over(now - s.began)
	s.ended = true
	s.window, s.follow = window{}, nil // what they hold may be large
}

func (s *Stage) statusLocked(now time.Duration) Status {
	if s.ended {
		return s.final
	}
	status := s.describe()
	status.Rate = s.window.look(sample{now, status.Done})
	status.Left = status.left()
	return status
}

// describe returns what of the status does not depend on the time.
func (s *Stage) describe() Status {
	return Status{
		Name:    s.name,
		Started: s.tracker.clock.time(s.began),
		Done:    s.count(),
		Total:   Total{Items: s.totalItems.Load(), Bytes: s.totalBytes.Load()},
	}
}

// look asks the functions that are followed. When one panics, or ends the goroutine, none is asked again: whoever counts
// must not end a program in the middle of the work.
func (s *Stage) look() (followed Count) {
	returned := false
	defer func() {
		if recover() != nil || !returned {
			s.follow = nil
		}
	}()
	for _, f := range s.follow {
		followed = followed.Plus(f())
	}
	returned = true
	return followed
}

func (s *Stage) count() Count {
	s.followed = s.followed.most(s.look())
	added := Count{Items: s.items.Load(), Bytes: s.bytes.Load(), Transferred: s.transferred.Load()}
	return added.Plus(s.followed)
}
