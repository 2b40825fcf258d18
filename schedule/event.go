package schedule

import (
	"strings"
	"time"
)

// event is what a calendar expression says, field by field, before it is turned into sets. An empty list is "*".
type event struct {
	weekdays              uint8 // 0: any
	year, month, day      []component
	fromEnd               bool // day counts from the end of the month
	hour, minute, seconds []component
	utc                   bool // the expression is a moment in UTC (@seconds)
}

// parseEvent reads the words of an expression without its zone: a shorthand, or weekdays, date and time, of which
// each may be absent but not all.
func parseEvent(words []token) (event, error) {
	if long, ok := shorthands[strings.ToLower(words[0].text())]; ok && len(words) == 1 {
		words = whole(long).words(func(r rune) bool { return r == ' ' })
	}
	e := event{hour: []component{midnight}, minute: []component{midnight}, seconds: []component{midnight}}
	parts := []struct {
		is    func(token) bool
		parse func(*event, token) error
	}{
		{token.startsWithLetter, (*event).parseWeekdays},
		{token.isDate, (*event).parseDate},
		{token.isTime, (*event).parseTime},
	}
	for _, word := range words {
		for len(parts) > 0 && !parts[0].is(word) {
			parts = parts[1:]
		}
		if len(parts) == 0 || e.utc {
			return event{}, word.refuse("unexpected; the order is weekdays, date, time, zone")
		}
		if err := parts[0].parse(&e, word); err != nil {
			return event{}, err
		}
		parts = parts[1:]
	}
	return e, nil
}

// midnight is 0 in any field of the time.
var midnight = component{start: 0, stop: none}

func (t token) isDate() bool { return strings.ContainsAny(t.text(), "-~") || t.isMoment() }

func (t token) isMoment() bool { return t.text()[0] == '@' }

func (t token) isTime() bool { return !t.isDate() && !t.startsWithLetter() }

func (e *event) parseWeekdays(t token) (err error) {
	if e.weekdays, err = parseWeekdays(t); err == nil && e.weekdays == everyWeekday {
		e.weekdays = 0
	}
	return err
}

// parseDate reads year-month-day, month-day, either with ~ before the day, or @seconds.
func (e *event) parseDate(t token) (err error) {
	if t.isMoment() {
		return e.parseMoment(t)
	}
	at := strings.LastIndexAny(t.text(), "-~")
	before, day := t.slice(0, at), t.skip(at+1)
	e.fromEnd = t.text()[at] == '~'
	month := before
	if at := strings.IndexByte(before.text(), '-'); at >= 0 {
		month = before.skip(at + 1)
		if e.year, err = yearField.parse(before.slice(0, at)); err != nil {
			return err
		}
	}
	if e.month, err = monthField.parse(month); err != nil {
		return err
	}
	if !e.fromEnd {
		e.day, err = dayField.parse(day)
		return err
	}
	e.day, err = endField.parse(day)
	e.fromEnd = len(e.day) > 0 // any day is any day, from whichever end
	return err
}

// parseMoment reads @seconds since 1970-01-01 00:00:00 UTC.
func (e *event) parseMoment(t token) error {
	seconds := t.skip(1)
	n, err := seconds.number()
	if err != nil {
		return err
	}
	at := time.Unix(n, 0).UTC()
	if at.Year() > maxYear {
		return seconds.refuse("that is in the year %d; years run from %d to %d", at.Year(), minYear, maxYear)
	}
	only := func(n int) []component { return []component{{start: int64(n), stop: none}} }
	e.year, e.month, e.day = only(at.Year()), only(int(at.Month())), only(at.Day())
	e.hour, e.minute, e.seconds = only(at.Hour()), only(at.Minute()), only(at.Second()*microsPerSecond)
	e.utc = true
	return nil
}

// parseTime reads hour:minute:second, hour:minute, or the minute alone, as Proxmox users write it.
func (e *event) parseTime(t token) (err error) {
	parts := t.split(":")
	if len(parts) > 3 {
		return parts[3].refuse("a time has no more than hour, minute and second")
	}
	e.hour = nil
	minute := parts[0]
	if len(parts) > 1 {
		minute = parts[1]
		if e.hour, err = hourField.parse(parts[0]); err != nil {
			return err
		}
	}
	if e.minute, err = minuteField.parse(minute); err != nil || len(parts) < 3 {
		return err
	}
	e.seconds, err = secondField.parse(parts[2])
	return err
}

// pattern turns the fields into sets.
func (e *event) pattern() pattern {
	d := days{years: yearsOf(e.year), months: uint16(monthField.bits(e.month)), weekdays: e.weekdays}
	if d.weekdays == 0 {
		d.weekdays = everyWeekday
	}
	if e.fromEnd {
		d.end = uint32(endField.endBits(e.day))
	} else {
		d.month = uint32(dayField.bits(e.day))
	}
	d.settle()
	return pattern{d, clock{
		hours:   uint32(hourField.bits(e.hour)),
		minutes: minuteField.bits(e.minute),
		seconds: e.seconds,
	}}
}

// String is the canonical form without a zone.
func (e *event) String() string {
	var s strings.Builder
	if e.weekdays != 0 {
		s.WriteString(formatWeekdays(e.weekdays) + " ")
	}
	before := "-"
	if e.fromEnd {
		before = "~"
	}
	s.WriteString(yearField.format(e.year) + "-" + monthField.format(e.month) + before + dayField.format(e.day) + " ")
	s.WriteString(hourField.format(e.hour) + ":" + minuteField.format(e.minute) + ":" + secondField.format(e.seconds))
	return s.String()
}
