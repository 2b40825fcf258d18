package schedule

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// none marks a component without an end.
const none = -1

// component is one entry of a field's list: start alone, or start and every step from there up to stop, or to the
// end of the field when stop is none. Values are those of the field: microseconds for seconds.
type component struct {
	start, stop, step int64
}

// normal shortens stop to the last value that the step reaches, and a range of one value to that value.
func (c component) normal() component {
	if c.stop == none {
		return c
	}
	c.stop -= (c.stop - c.start) % c.step
	if c.stop == c.start {
		return component{start: c.start, stop: none}
	}
	return c
}

func (c component) compare(d component) int {
	return cmp.Or(cmp.Compare(c.start, d.start), cmp.Compare(c.stop, d.stop), cmp.Compare(c.step, d.step))
}

// next returns the smallest value of c that is at least from, and whether it is within limit.
func (c component) next(from, limit int64) (int64, bool) {
	if from <= c.start {
		return c.start, true
	}
	if c.step == 0 {
		return 0, false
	}
	if c.stop != none {
		limit = c.stop
	}
	n := c.start + (from-c.start+c.step-1)/c.step*c.step
	return n, n <= limit
}

// bits returns the values of the list as a set, one bit per value, for fields whose values are below 64.
func (f field) bits(list []component) uint64 {
	var set uint64
	for _, c := range f.orAll(list) {
		n, ok := c.next(0, f.max)
		for ; ok; n, ok = c.next(n+1, f.max) {
			set |= 1 << n
		}
	}
	return set
}

// orAll makes the meaning of an empty list, any value, explicit.
func (f field) orAll(list []component) []component {
	if len(list) == 0 {
		return []component{{start: f.min, stop: f.max, step: f.unit}}
	}
	return list
}

// endBits is bits for days counted from the end of the month, where a step without an end leads to the last day.
func (f field) endBits(list []component) uint64 {
	var set uint64
	for _, c := range list {
		if c.stop == none && c.step > 0 {
			c.start, c.stop = 1+(c.start-1)%c.step, c.start
		}
		set |= f.bits([]component{c})
	}
	return set
}

// format writes a list the way systemd prints it: two digits, microseconds only where there are some.
func (f field) format(list []component) string {
	if len(list) == 0 || slices.Equal(list, f.any()) {
		return "*"
	}
	var items []string
	for _, c := range list {
		item := f.formatValue(c.start, 2)
		if c.stop != none {
			item += ".." + f.formatValue(c.stop, 2)
		}
		if c.step > 0 && (c.stop == none || c.step != f.unit) {
			item += "/" + f.formatValue(c.step, 1)
		}
		items = append(items, item)
	}
	return strings.Join(items, ",")
}

func (f field) formatValue(n int64, digits int) string {
	s := fmt.Sprintf("%0*d", digits, n/f.unit)
	if n%f.unit != 0 {
		s += fmt.Sprintf(".%06d", n%f.unit)
	}
	return s
}
