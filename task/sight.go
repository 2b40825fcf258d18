package task

import (
	"sync"
	"time"

	"github.com/heirloom-backup/heirloom/task/progress"
)

// sight is what can be seen of how far an attempt has come. To see it, the functions that are followed are asked, which
// may take long, or for ever. So one goroutine at a time looks, and nobody but the attempt itself waits for it for long:
// the others go by what was seen last.
type sight struct {
	tracker *progress.Tracker

	mu    sync.Mutex
	last  progress.Snapshot
	taken time.Time // when last was seen; zero: never
	look  *look     // that is under way; nil: none is
	final bool      // last is what the attempt came to
}

// look is the work of one who looks.
type look struct {
	begun time.Time
	over  chan struct{} // closed when something was seen
}

// tooFresh is the age below which a snapshot is as good as a new one. However many watch a task, its progress is worked
// out ten times a second. A look that takes longer is not waited for.
const tooFresh = 100 * time.Millisecond

// turn returns the look to wait for, nil if there is nothing new to see, and whether it is the caller's to do. A last look
// is one that ends all stages.
func (s *sight) turn(last bool) (l *look, mine bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := time.Now()
	switch {
	case s.final, !last && !s.taken.IsZero() && now.Sub(s.taken) < tooFresh:
		return nil, false
	case s.look != nil:
		return s.look, false
	}
	if !last {
		if seen, ok := s.tracker.TrySnapshot(); ok { // as nearly always, and then no goroutine is needed
			s.last, s.taken = seen, now
			return nil, false
		}
	}
	s.look = &look{begun: now, over: make(chan struct{})}
	return s.look, true
}

// see does a look. It is over also when a function that is followed ends the goroutine, as runtime.Goexit does.
func (s *sight) see(l *look, last bool) {
	var seen *progress.Snapshot
	defer func() {
		s.mu.Lock()
		if s.look = nil; seen != nil {
			s.last, s.taken, s.final = *seen, time.Now(), last
		}
		s.mu.Unlock()
		close(l.over)
	}()
	if last {
		s.tracker.End()
	}
	seen = new(s.tracker.Snapshot())
}

// finish has the last look, however long it takes.
func (s *sight) finish() {
	for l, mine := s.turn(true); l != nil; l, mine = s.turn(true) {
		if mine {
			s.see(l, true)
		}
		<-l.over
	}
}

// glimpse returns what can be seen within a moment. The stages of a last one have ended, if that was possible.
func (s *sight) glimpse(last bool) progress.Snapshot {
	for l, mine := s.turn(last); l != nil; l, mine = s.turn(last) {
		if mine {
			go s.see(l, last)
		}
		if !l.isOverSoon() {
			break
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.last
}

// isOverSoon waits until the look has taken longer than is waited for.
func (l *look) isOverSoon() bool {
	// A timer that has run out, selected in a synctest bubble, crashes the race detector of Go 1.26: so there is none then.
	if left := tooFresh - time.Since(l.begun); left > 0 {
		rest(l.over, left)
	}
	return isClosed(l.over)
}
