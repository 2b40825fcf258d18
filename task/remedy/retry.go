package remedy

import (
	"fmt"
	"time"
)

// Retry says whether, and when, to try again. The zero value never does.
//
// The pause before the second attempt is First, and each later one twice the one before it, up to Most.
type Retry struct {
	Attempts int           `json:"attempts,omitempty"` // how many in all; 0 and 1 are without a second
	First    time.Duration `json:"first,omitempty"`    // in nanoseconds; 0 stands for 1 s, or Most if that is less
	Most     time.Duration `json:"most,omitempty"`     // in nanoseconds; 0 stands for 5 min, or First if that is more
}

// MaxPause is the longest pause that a Retry may ask for.
const MaxPause = 30 * 24 * time.Hour

// Validate says what is wrong with the numbers, if anything is.
func (r Retry) Validate() error {
	switch {
	case r.Attempts < 0:
		return fmt.Errorf("retry: %d attempts are less than none", r.Attempts)
	case r.First < 0 || r.First > MaxPause:
		return fmt.Errorf("retry: the first pause, %s, is not between 0 and %s", r.First, MaxPause)
	case r.Most < 0 || r.Most > MaxPause:
		return fmt.Errorf("retry: the longest pause, %s, is not between 0 and %s", r.Most, MaxPause)
	case r.Most > 0 && r.First > r.Most:
		return fmt.Errorf("retry: the first pause, %s, is longer than the longest, %s", r.First, r.Most)
	}
	return nil
}

// Again tells whether to try again after the given attempt, counted from 1, has failed: if an attempt is left, and the
// failure is one that may pass.
func (r Retry) Again(attempt int, f Failure) bool {
	return f.Class == Transient && attempt < r.Attempts
}

// Delay returns the pause after the given attempt, counted from 1, has failed.
//
// The jitter, from 0 up to but not including 1, shortens it by up to a half, so that many who failed together do not
// come back together. The caller draws it, as by rand.Float64; 0 is the whole pause. At equal jitter a later attempt
// never has a shorter pause than an earlier one.
func (r Retry) Delay(attempt int, jitter float64) time.Duration {
	pause, most := r.pauses()
	for ; attempt > 1 && pause < most; attempt-- {
		pause = min(2*pause, most)
	}
	if !(jitter > 0) { // NaN, too
		return pause
	}
	return pause - time.Duration(min(jitter, 1)*float64(pause)/2)
}

// pauses returns First and Most with what stands for 0 and, if they are not valid, within their bounds.
func (r Retry) pauses() (first, most time.Duration) {
	first, most = min(r.First, MaxPause), min(r.Most, MaxPause)
	if most <= 0 {
		most = max(5*time.Minute, first)
	}
	if first <= 0 {
		first = time.Second
	}
	return min(first, most), most
}
