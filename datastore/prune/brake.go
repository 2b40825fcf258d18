package prune

import (
	"errors"
	"fmt"
)

// ErrTooMany says that a plan would remove more than its caller allows.
var ErrTooMany = errors.New("too many snapshots would go")

// TooManyError is the series that goes furthest beyond the limit; it is an ErrTooMany.
type TooManyError struct {
	Series string  // as Series.String names it
	Remove int     // snapshots that would go,
	Of     int     // of so many
	Limit  float64 // percent
	Others int     // further series beyond the limit
}

func (e *TooManyError) Error() string {
	text := fmt.Sprintf("%v: %d of %d snapshots of %s would go (%.4g %%), the limit is %.4g %%",
		ErrTooMany, e.Remove, e.Of, e.Series, percent(e.Of-e.Remove, e.Remove), e.Limit)
	if e.Others > 0 {
		text += fmt.Sprintf("; beyond it: %d more series", e.Others)
	}
	return text
}

// Unwrap makes it an ErrTooMany.
func (e *TooManyError) Unwrap() error { return ErrTooMany }

// brake fails if more than limit percent of a series would go.
func (p *Plan) brake(limit float64) error {
	if limit == 0 {
		return nil
	}
	if !(limit > 0 && limit <= 100) { // not a number is no limit either
		return fmt.Errorf("a limit of %g %% is not between 0 and 100", limit)
	}
	var worst *Series
	beyond := 0
	for i := range p.Series {
		s := &p.Series[i]
		if s.Share() <= limit {
			continue
		}
		if beyond++; worst == nil || s.Share() > worst.Share() {
			worst = s
		}
	}
	if worst == nil {
		return nil
	}
	_, removed := worst.Counts()
	return &TooManyError{worst.String(), removed, len(worst.Decisions), limit, beyond - 1}
}
