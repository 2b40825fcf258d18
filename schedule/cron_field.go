package schedule

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// cronField describes one of the five fields.
type cronField struct {
	name     string // plural, as messages say it
	min, max int64
	names    []string // names of the values from min on; nil: numbers only
	hint     string   // added when a value is out of range
}

// cronFields in the order in which they are written.
var cronFields = [5]cronField{
	{name: "minutes", min: 0, max: 59},
	{name: "hours", min: 0, max: 23, hint: "; midnight is hour 0 of the day it begins"},
	{name: "days of the month", min: 1, max: 31},
	{name: "months", min: 1, max: 12,
		names: []string{"jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"}},
	{name: "weekdays", min: 0, max: 6, hint: "; Sunday is 0",
		names: []string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}},
}

// cronItem is one entry of a field's list: every step from first to last.
type cronItem struct {
	star              bool // written as * or ?; with a step of 1 it leaves a day field open
	first, last, step int64
}

// parse reads the list of one field, in order and without doubles.
func (f cronField) parse(t token) ([]cronItem, error) {
	var list []cronItem
	for _, part := range t.split(",") {
		item, err := f.parseItem(part)
		if err != nil {
			return nil, err
		}
		list = append(list, item)
	}
	slices.SortFunc(list, cronItem.compare)
	return slices.Compact(list), nil
}

// parseItem reads *, a, a-b, each with or without /n; "a/n" runs to the end of the field.
func (f cronField) parseItem(t token) (cronItem, error) {
	span, stepToken, hasStep := t.cut("/")
	item, isValue, err := f.parseSpan(span)
	if err != nil || !hasStep {
		return item, err
	}
	step, err := stepToken.number()
	if err != nil {
		return cronItem{}, err
	}
	if step == 0 {
		return cronItem{}, stepToken.refuse("a step of 0 never moves on")
	}
	if isValue {
		item.last = f.max
	}
	return item.every(step), nil
}

// every keeps each step-th value.
func (i cronItem) every(step int64) cronItem {
	i.last -= (i.last - i.first) % step
	if i.last == i.first {
		return cronItem{first: i.first, last: i.first, step: 1}
	}
	i.step = step
	return i
}

// parseSpan reads *, ?, a or a-b; isValue tells that it is a alone.
func (f cronField) parseSpan(t token) (item cronItem, isValue bool, err error) {
	if t.text() == "*" || t.text() == "?" {
		return cronItem{star: true, first: f.min, last: f.max, step: 1}, false, nil
	}
	low, high, isRange := t.cut("-")
	first, err := f.parseValue(low)
	if err != nil || !isRange {
		return cronItem{first: first, last: first, step: 1}, true, err
	}
	last, err := f.parseValue(high)
	if err != nil {
		return cronItem{}, false, err
	}
	if last < first {
		return cronItem{}, false, t.refuse("the range runs backwards; write two ranges instead")
	}
	return cronItem{first: first, last: last, step: 1}, false, nil
}

func (f cronField) parseValue(t token) (int64, error) {
	if i := slices.Index(f.names, strings.ToLower(t.text())); i >= 0 {
		return f.min + int64(i), nil
	}
	if t.startsWithLetter() {
		return 0, t.refuse("%s have no such name", f.name)
	}
	n, err := t.number()
	if err != nil {
		return 0, err
	}
	if n < f.min || n > f.max {
		return 0, t.refuse("%s run from %d to %d%s", f.name, f.min, f.max, f.hint)
	}
	return n, nil
}

// cronSet returns the values of a list, and whether one of its entries leaves the field open.
func cronSet(list []cronItem) (set uint64, open bool) {
	for _, item := range list {
		open = open || item.star && item.step == 1
		for n := item.first; n <= item.last; n += item.step {
			set |= 1 << n
		}
	}
	return set, open
}

func (i cronItem) compare(j cronItem) int {
	return cmp.Or(cmp.Compare(i.first, j.first), cmp.Compare(i.last, j.last), cmp.Compare(i.step, j.step),
		cmp.Compare(i.String(), j.String()))
}

func (i cronItem) String() string {
	s := "*"
	if !i.star {
		s = fmt.Sprint(i.first)
		if i.last > i.first {
			s += fmt.Sprint("-", i.last)
		}
	}
	if i.step > 1 {
		s += fmt.Sprint("/", i.step)
	}
	return s
}
