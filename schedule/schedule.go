package schedule

import (
	"iter"
	"time"
)

// Schedule tells when something is due.
//
// Next returns the earliest time strictly after the one given, or the zero time when there is none. It must be a pure
// function: the same answer for the same argument, no clock read, safe for concurrent use. [Calendar] and [Cron]
// are such schedules; anything else with this method works with every function of this package.
type Schedule interface {
	Next(after time.Time) time.Time
}

// Upcoming yields the times of s strictly after the one given, in order. The sequence is endless for most schedules,
// so break out of the loop; it ends where s says never. A schedule that breaks its contract by answering with a time
// that is not later than the one it was asked about ends the sequence too, rather than repeating it for ever.
func Upcoming(s Schedule, after time.Time) iter.Seq[time.Time] {
	return func(yield func(time.Time) bool) {
		for at := after; ; {
			next := s.Next(at)
			if !next.After(at) || !yield(next) {
				return
			}
			at = next
		}
	}
}

// NextN returns the first n times of s strictly after the one given; fewer when s ends before, none when it never
// fires or n is not positive.
func NextN(s Schedule, after time.Time, n int) []time.Time {
	var times []time.Time
	if n <= 0 {
		return times
	}
	for t := range Upcoming(s, after) {
		if times = append(times, t); len(times) == n {
			break
		}
	}
	return times
}

// Between yields the times t of s with from <= t < to, in order, so that adjoining spans neither share a time nor
// lose one.
func Between(s Schedule, from, to time.Time) iter.Seq[time.Time] {
	return func(yield func(time.Time) bool) {
		for t := range Upcoming(s, from.Add(-1)) {
			if !t.Before(to) || !yield(t) {
				return
			}
		}
	}
}
