package progress

import (
	"math"
	"time"
)

// Status is how far one stage had come at a moment. Its times are UTC. Their differences are true even if the clock was
// set back in between, so that a stage does not end before it has begun; they are ahead of the clock from then on.
type Status struct {
	Name    string        `json:"name"`
	Started time.Time     `json:"started"`
	Ended   time.Time     `json:"ended,omitzero"` // zero while it goes on
	Done    Count         `json:"done,omitzero"`
	Total   Total         `json:"total,omitzero"`
	Rate    Rate          `json:"rate,omitzero"`    // over about the last Window; of an ended stage: its average
	Left    time.Duration `json:"left"`             // until it ends, at this rate, in nanoseconds; Unknown, or 0 when ended
	Folded  int           `json:"folded,omitempty"` // how many ended stages this one sums up; 0 for a stage by itself
}

// Fraction returns how much of the stage is done, from 0 to 1: by bytes if their total is known, else by items. It
// returns false if neither is. More than the total, as of a source that has grown, is 1.
func (s Status) Fraction() (float64, bool) {
	done, total, _ := s.measure()
	if total <= 0 {
		return 0, false
	}
	return min(1, float64(done)/float64(total)), true
}

// Duration returns how long the stage took. For one that goes on it is the time up to now, which is best the Taken of
// the snapshot.
func (s Status) Duration(now time.Time) time.Duration {
	if s.Ended.IsZero() {
		return max(0, now.Sub(s.Started))
	}
	return s.Ended.Sub(s.Started)
}

// left estimates Left of a stage that goes on. Of one that is past its total nobody knows how far it will go.
func (s Status) left() time.Duration {
	done, total, rate := s.measure()
	if total <= 0 || done > total {
		return Unknown
	}
	if done == total {
		return 0
	}
	nanoseconds := float64(total-done) / rate * float64(time.Second)
	if rate <= 0 || nanoseconds >= math.MaxInt64 {
		return Unknown
	}
	return time.Duration(nanoseconds)
}

// measure returns the numbers that tell how far the stage is: those of bytes, or of items if only their total is known.
// The total is not positive if no total is known.
func (s Status) measure() (done, total int64, rate float64) {
	if s.Total.Bytes > 0 {
		return s.Done.Bytes, s.Total.Bytes, s.Rate.Bytes
	}
	return s.Done.Items, s.Total.Items, s.Rate.Items
}

// Earlier is the name of the status that sums up the stages which are not listed any more; see MaxStages.
const Earlier = "earlier"

// fold adds an ended stage, or a sum of such, to a sum; the zero value is the sum of none. A sum has no total, since not
// every stage has one, and its time and rate are those from the first beginning to the last end.
func (s Status) fold(ended Status) Status {
	if s.Folded == 0 {
		s = Status{Name: Earlier, Started: ended.Started, Ended: ended.Ended}
	}
	if ended.Started.Before(s.Started) {
		s.Started = ended.Started
	}
	if ended.Ended.After(s.Ended) {
		s.Ended = ended.Ended
	}
	s.Done = s.Done.Plus(ended.Done)
	s.Rate = s.Done.over(s.Ended.Sub(s.Started))
	s.Folded += max(1, ended.Folded)
	return s
}
