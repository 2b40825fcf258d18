package retention

import (
	"bufio"
	"fmt"
	"io"
	"strings"
	"time"
	"unicode"
)

// WriteCalendar draws the plan for people, a line for each month that has snapshots, oldest first, and a sign for each
// day on which some were taken in zone (nil means UTC): the letter of what keeps the newest of them that stays, a
// capital if several stay, or a dot if none does. A legend explains the letters in use. The layout may change.
func (ds Decisions) WriteCalendar(w io.Writer, zone *time.Location) error {
	zone = orUTC(zone)
	var c calendar
	for i := range ds {
		d := ds[len(ds)-1-i]
		var by Rule
		if d.Keep {
			by = d.Reasons[0].Rule
		}
		c.add(d.Time.In(zone), by)
	}
	return c.write(w)
}

// WriteCalendar draws what is left at the end of the forecast, and what is gone, as [Decisions.WriteCalendar] does.
func (tl *Timeline) WriteCalendar(w io.Writer) error {
	var c calendar
	for _, l := range tl.Lives {
		var by Rule
		if l.Gone.IsZero() {
			by = l.Stayed.Rule
		}
		c.add(l.Time.In(tl.zone), by)
	}
	return c.write(w)
}

// sign is how a calendar shows a rule.
type sign struct {
	letter  rune
	meaning Rule
}

func signs() []sign {
	return []sign{
		{'l', KeepLast}, {'h', KeepHourly}, {'d', KeepDaily}, {'w', KeepWeekly}, {'m', KeepMonthly}, {'y', KeepYearly},
		{'a', KeepAll}, {'p', Protected}, {'x', Held}, {'s', Suspect}, {'u', Partial}, {'g', LastGood},
	}
}

const (
	blankSign   = ' '
	removedSign = '.'
)

func signOf(r Rule) rune {
	for _, s := range signs() {
		if s.meaning == r {
			return s.letter
		}
	}
	return removedSign
}

// calendar is a picture under construction: a row of days for each month that has any, in the order they are added.
type calendar struct {
	months []monthRow
}

type monthRow struct {
	name string
	days [31]rune
}

// add draws one snapshot kept by a rule, or by none; snapshots are added oldest first.
func (c *calendar) add(t time.Time, by Rule) {
	name := t.Format("2006-01")
	if len(c.months) == 0 || c.months[len(c.months)-1].name != name {
		c.months = append(c.months, newMonthRow(name))
	}
	place := &c.months[len(c.months)-1].days[t.Day()-1]
	switch {
	case by == "" && *place != blankSign: // the day shows something already
	case unicode.IsLetter(*place):
		*place = unicode.ToUpper(signOf(by))
	default:
		*place = signOf(by)
	}
}

func newMonthRow(name string) monthRow {
	row := monthRow{name: name}
	for i := range row.days {
		row.days[i] = blankSign
	}
	return row
}

func (c *calendar) write(w io.Writer) error {
	out := bufio.NewWriter(w)
	fmt.Fprintln(out, "         1   5    10   15   20   25   30")
	for _, m := range c.months {
		fmt.Fprintln(out, strings.TrimRight(m.name+"  "+string(m.days[:]), " "))
	}
	fmt.Fprintln(out, c.legend())
	return out.Flush()
}

// legend explains the signs that occur.
func (c *calendar) legend() string {
	var drawn strings.Builder
	for _, m := range c.months {
		drawn.WriteString(strings.ToLower(string(m.days[:])))
	}
	var entries []string
	for _, s := range signs() {
		if strings.ContainsRune(drawn.String(), s.letter) {
			entries = append(entries, fmt.Sprintf("%c %s", s.letter, s.meaning))
		}
	}
	return strings.Join(append(entries, fmt.Sprintf("%c removed", removedSign)), ", ")
}
