package schedule

import (
	"fmt"
	"strconv"
)

// ParseError says which part of an expression cannot be understood, and why. [Parse], [ParseCron] and the Never
// methods return it (as *ParseError; use errors.As).
type ParseError struct {
	Expr   string // the whole expression, as it was given
	Offset int    // where Token starts in Expr, in bytes from 0; len(Expr) when something is missing at the end
	Token  string // the part that is refused; empty when something is missing
	Reason string // why, for a person; its wording may change
}

// Error names expression, position (counted from 1, as editors do), token and reason on one line.
func (e *ParseError) Error() string {
	where := fmt.Sprintf("parse schedule %s: position %d", strconv.Quote(e.Expr), e.Offset+1)
	if e.Token == "" {
		return where + ": " + e.Reason
	}
	return where + ", " + strconv.Quote(e.Token) + ": " + e.Reason
}
