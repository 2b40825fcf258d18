package retention

import (
	"fmt"
	"strconv"
	"strings"
)

// ParseError says which part of a text [Parse] refused, and why.
type ParseError struct {
	Text   string // the whole text, as it was given
	Offset int    // where Token starts in Text, in bytes from 0
	Token  string // the part that is refused; empty where something is missing
	Reason string // why, for a person; its wording may change
}

// Error names the text, the position (counted from 1, as editors do), the token and the reason on one line.
func (e *ParseError) Error() string {
	where := fmt.Sprintf("parse retention policy %q: position %d", e.Text, e.Offset+1)
	if e.Token == "" {
		return where + ": " + e.Reason
	}
	return fmt.Sprintf("%s, %q: %s", where, e.Token, e.Reason)
}

// Parse reads a policy such as "keep-daily=7, keep-weekly=4".
//
// Options are keep-last, keep-hourly, keep-daily, keep-weekly, keep-monthly and keep-yearly, in any order, each at
// most once, with a count from 0 (not set) to [MaxCount]; the word "independent" sets [Policy.Independent]. They are
// separated by commas; blanks around them are ignored. An empty text is the zero Policy, which keeps everything.
//
// Every error is a [*ParseError].
func Parse(text string) (Policy, error) {
	if strings.TrimSpace(text) == "" {
		return Policy{}, nil
	}
	p := parser{input: text, seen: map[string]bool{}}
	start := 0
	for option := range strings.SplitSeq(text, ",") {
		if err := p.option(token{option, start}.trim()); err != nil {
			return Policy{}, err
		}
		start += len(option) + len(",")
	}
	return p.policy, nil
}

// token is a piece of the input and where it starts, counted from 0.
type token struct {
	text  string
	start int
}

func (t token) trim() token {
	left := strings.TrimLeft(t.text, " \t\r\n")
	return token{strings.TrimRight(left, " \t\r\n"), t.start + len(t.text) - len(left)}
}

type parser struct {
	input  string
	policy Policy
	seen   map[string]bool
}

func (p *parser) option(t token) error {
	name, value, hasValue := strings.Cut(t.text, "=")
	key := token{name, t.start}.trim()
	count := token{value, t.start + len(name) + len("=")}.trim()
	switch {
	case t.text == "":
		return p.refuse(t, "an option is missing here")
	case p.seen[key.text]:
		return p.refuse(key, "given twice")
	}
	p.seen[key.text] = true
	if key.text == independentWord && !hasValue {
		p.policy.Independent = true
		return nil
	}
	return p.window(key, count, hasValue)
}

func (p *parser) window(key, count token, hasValue bool) error {
	for _, s := range spans() {
		if string(s.rule()) != key.text {
			continue
		}
		if !hasValue {
			return p.refuse(key, "needs a count, as in "+key.text+"=7")
		}
		return p.count(p.policy.count(s), count)
	}
	return p.refuse(key, "not an option; there are keep-last, keep-hourly, keep-daily, keep-weekly, keep-monthly and "+
		"keep-yearly, each with =COUNT, and independent")
}

func (p *parser) count(place *int, t token) error {
	digits := strings.TrimPrefix(t.text, "-")
	switch {
	case t.text == "":
		return p.refuse(t, "a count is missing here")
	case digits == "" || strings.Trim(digits, "0123456789") != "":
		return p.refuse(t, "not a count: a whole number is needed")
	case digits != t.text:
		return p.refuse(t, "negative: a count is 0 or more")
	}
	n, err := strconv.Atoi(digits)
	if err != nil || n > MaxCount { // err can only say that it does not fit an int
		return p.refuse(t, fmt.Sprintf("too many: a count is at most %d", MaxCount))
	}
	*place = n
	return nil
}

func (p *parser) refuse(t token, reason string) error {
	return &ParseError{Text: p.input, Offset: t.start, Token: t.text, Reason: reason}
}
