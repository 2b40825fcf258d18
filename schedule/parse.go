package schedule

import (
	"strings"
	"time"
)

// Parse reads a calendar event; the package comment has the grammar. loc is the zone of an expression that names
// none, nil means UTC. The error is a *[ParseError].
//
// An expression that is well-formed but can never fire, such as *-02-30, is accepted: see [Calendar.Never].
//
// A zone in the expression is looked up with [time.LoadLocation], which needs the zone database of the machine; a
// program that must run on machines without one imports time/tzdata.
func Parse(expr string, loc *time.Location) (*Calendar, error) {
	words := whole(expr).words(func(r rune) bool { return r == ' ' })
	if err := checkWords(expr, words); err != nil {
		return nil, err
	}
	c := &Calendar{loc: loc, expr: expr}
	words, err := c.parseZone(words)
	if err != nil {
		return nil, err
	}
	e, err := parseEvent(words)
	if err != nil {
		return nil, err
	}
	if e.utc {
		c.loc, c.zone = time.UTC, "UTC"
	}
	c.pattern = e.pattern()
	c.canonical = strings.TrimSuffix(e.String()+" "+c.zone, " ")
	return c, nil
}

// checkWords refuses what would be misread further on: nothing at all, and blanks around the expression.
func checkWords(expr string, words []token) error {
	all := whole(expr)
	switch {
	case len(words) == 0:
		return all.refuse("the expression is empty")
	case words[0].from > 0:
		return all.slice(0, words[0].from).refuse("blanks before the expression")
	case words[len(words)-1].to < len(expr):
		return all.skip(words[len(words)-1].to).refuse("blanks after the expression")
	}
	return nil
}

// parseZone takes the zone, if there is one, off the end: a last word that starts with a letter and is not the first.
func (c *Calendar) parseZone(words []token) ([]token, error) {
	last := words[len(words)-1]
	if len(words) == 1 || !last.startsWithLetter() {
		return words, nil
	}
	loc, name, err := loadZone(last)
	if err != nil {
		return nil, err
	}
	c.loc, c.zone = loc, name
	return words[:len(words)-1], nil
}

// loadZone looks a zone up by its IANA name. UTC may be written in any letter case.
func loadZone(t token) (*time.Location, string, error) {
	if strings.EqualFold(t.text(), "UTC") {
		return time.UTC, "UTC", nil
	}
	loc, err := time.LoadLocation(t.text())
	if err != nil || t.text() == "Local" { // "Local" would mean something else on every machine
		return nil, "", t.refuse("not a time zone that this machine knows; zones are named like Europe/Berlin")
	}
	return loc, t.text(), nil
}
