package task

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Query selects records. Each field that is not zero narrows the choice; a record must fit them all, and of a list one
// value. The zero value selects all.
type Query struct {
	Types    []string
	States   []State
	Users    []string
	Subjects []string  // a record's Source or Target
	Since    time.Time // the UPID's time, which is to the second, is not earlier
	Until    time.Time // the UPID's time is earlier
	Text     string    // occurs in the UPID, in source, target, failure or a listed warning; the case of letters does not matter

	Limit int    // how many records a page has at most; 0 stands for 50, and 1000 are the most
	After Cursor // where the page begins; "" is at the newest
}

// Bounds of a query.
const (
	DefaultLimit = 50
	MaxLimit     = 1000
	maxChoices   = 1000 // values in a list
)

// Cursor says where a page ends: a later page begins behind it. It stays good whatever is added or removed meanwhile.
// It is text without white space, to be handed back as it came.
type Cursor string

// Page is one part of an answer.
type Page struct {
	Records    []Record // the newest first, as UPID.Compare orders them
	Next       Cursor   // where the next page begins; "" if this is the last
	Unreadable []error  // what lies in the store and could not be read; it may be a record that belongs here
}

// PageSize returns how many records a page has at most.
func (q *Query) PageSize() int {
	if q.Limit == 0 {
		return DefaultLimit
	}
	return q.Limit
}

// Validate says what a store cannot answer.
func (q *Query) Validate() error {
	switch {
	case q.Limit < 0 || q.Limit > MaxLimit:
		return fmt.Errorf("query: limit %d is not between 0 and %d", q.Limit, MaxLimit)
	case max(len(q.Types), len(q.States), len(q.Users), len(q.Subjects)) > maxChoices:
		return fmt.Errorf("query: more than %d values in one list", maxChoices)
	case !q.Since.IsZero() && !q.Until.IsZero() && q.Until.Before(q.Since):
		return errors.New("query: until is before since")
	}
	for _, s := range q.States {
		if !s.Valid() {
			return fmt.Errorf("query: state %q is none of %s", shorten(string(s)), stateNames())
		}
	}
	if _, err := q.After.Position(); err != nil {
		return fmt.Errorf("query: %w", err)
	}
	return nil
}

// Match tells whether r is among what the query selects. Limit and After play no part.
func (q *Query) Match(r *Record) bool {
	return fits(q.Types, r.UPID.Type) && fits(q.States, r.State) && fits(q.Users, r.UPID.Auth) &&
		q.matchSubject(r) && q.MatchTime(r.UPID.Time()) && q.matchText(r)
}

func fits[T comparable](choices []T, value T) bool {
	return len(choices) == 0 || slices.Contains(choices, value)
}

// MatchTime tells whether a task made at t is within Since and Until.
func (q *Query) MatchTime(t time.Time) bool {
	return !t.Before(q.Since) && (q.Until.IsZero() || t.Before(q.Until))
}

func (q *Query) matchSubject(r *Record) bool {
	return len(q.Subjects) == 0 || slices.Contains(q.Subjects, r.Source) || slices.Contains(q.Subjects, r.Target)
}

func (q *Query) matchText(r *Record) bool {
	if q.Text == "" {
		return true
	}
	wanted := strings.ToLower(q.Text)
	has := func(text string) bool { return strings.Contains(strings.ToLower(text), wanted) }
	if has(r.UPID.String()) || has(r.Source) || has(r.Target) {
		return true
	}
	if f := r.Failure; f != nil && (has(f.Message) || has(string(f.Code))) {
		return true
	}
	return slices.ContainsFunc(r.Warnings.Listed, func(n Note) bool { return has(n.Path) || has(n.Reason) })
}

// CursorAt returns the cursor of a page that ends with the task at p.
func CursorAt(p Position) Cursor { return Cursor(p.String()) }

// Position returns the place behind which a page begins, the zero value for the zero cursor.
func (c Cursor) Position() (Position, error) {
	if c == "" {
		return Position{}, nil
	}
	p, err := ParsePosition(string(c))
	if err != nil {
		return Position{}, fmt.Errorf("cursor is not one that a page came with: %w", err)
	}
	return p, nil
}
