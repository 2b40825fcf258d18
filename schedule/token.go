package schedule

import (
	"fmt"
	"strings"
)

// token is a piece of an expression that remembers where it came from, so that an error can point at it.
type token struct {
	expr string // the whole expression
	from int
	to   int
}

func whole(expr string) token { return token{expr: expr, to: len(expr)} }

func (t token) text() string { return t.expr[t.from:t.to] }

func (t token) empty() bool { return t.from == t.to }

// slice is t.text()[from:to] with its position kept.
func (t token) slice(from, to int) token { return token{t.expr, t.from + from, t.from + to} }

// skip drops the first n bytes.
func (t token) skip(n int) token { return t.slice(n, t.to-t.from) }

// refuse makes the error that points at t.
func (t token) refuse(format string, args ...any) error {
	return &ParseError{Expr: t.expr, Offset: t.from, Token: t.text(), Reason: fmt.Sprintf(format, args...)}
}

// cut splits t around the first sep, like strings.Cut.
func (t token) cut(sep string) (before, after token, found bool) {
	i := strings.Index(t.text(), sep)
	if i < 0 {
		return t, t.skip(t.to - t.from), false
	}
	return t.slice(0, i), t.skip(i + len(sep)), true
}

// split separates t at every sep; like strings.Split it never returns nothing.
func (t token) split(sep string) []token {
	var parts []token
	for {
		before, after, found := t.cut(sep)
		parts = append(parts, before)
		if !found {
			return parts
		}
		t = after
	}
}

// words splits t at runs of the characters that isSpace accepts.
func (t token) words(isSpace func(rune) bool) []token {
	var words []token
	start := -1
	for i, r := range t.text() {
		switch {
		case isSpace(r) && start >= 0:
			words = append(words, t.slice(start, i))
			start = -1
		case !isSpace(r) && start < 0:
			start = i
		}
	}
	if start >= 0 {
		words = append(words, t.skip(start))
	}
	return words
}

// startsWithLetter reports whether t begins with an ASCII letter: a weekday, a named schedule or a zone.
func (t token) startsWithLetter() bool {
	if t.empty() {
		return false
	}
	c := t.expr[t.from] | 0x20
	return 'a' <= c && c <= 'z'
}
