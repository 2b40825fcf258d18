package schedule

import "slices"

// field describes one field of a calendar event: its name for people and the values it may have.
type field struct {
	name     string // plural, as messages say it
	min, max int64  // in units: microseconds for seconds, else as written
	unit     int64  // what 1 in the expression stands for
	hint     string // added when a value is out of range
}

var (
	yearField   = field{name: "years", min: minYear, max: maxYear, unit: 1}
	monthField  = field{name: "months", min: 1, max: 12, unit: 1}
	dayField    = field{name: "days of the month", min: 1, max: 31, unit: 1}
	endField    = field{name: "days from the end of the month", min: 1, max: 28, unit: 1}
	hourField   = field{name: "hours", min: 0, max: 23, unit: 1, hint: "; midnight is 00:00 of the day it begins"}
	minuteField = field{name: "minutes", min: 0, max: 59, unit: 1}
	secondField = field{name: "seconds", min: 0, max: 60*microsPerSecond - 1, unit: microsPerSecond}
)

// maxComponents bounds the list of one field, and with it the time that Next takes. It is systemd's bound.
const maxComponents = 240

// parse reads one field. No components means any value, written "*".
func (f field) parse(t token) ([]component, error) {
	if t.empty() {
		return nil, t.refuse("%s are missing", f.name)
	}
	if t.text()[0] == '*' {
		return f.parseStar(t)
	}
	items := t.split(",")
	if len(items) > maxComponents {
		return nil, items[maxComponents].refuse("more than %d entries in one list", maxComponents)
	}
	list := make([]component, 0, len(items))
	for _, item := range items {
		c, err := f.parseComponent(item)
		if err != nil {
			return nil, err
		}
		list = append(list, c)
	}
	if f == secondField && slices.Contains(list, f.any()[0]) {
		return f.any(), nil
	}
	slices.SortFunc(list, component.compare)
	return slices.Compact(list), nil
}

// parseStar reads "*" and "*/n", which counts from the smallest value (years: from year 0, so */4 means the years
// that 4 divides).
func (f field) parseStar(t token) ([]component, error) {
	rest := t.skip(1)
	if rest.empty() {
		return f.any(), nil
	}
	if rest.text()[0] != '/' {
		return nil, rest.refuse("after * only a step such as */2 may follow")
	}
	if f == endField {
		return nil, t.refuse("write from which day before the end the step counts, such as ~07/2")
	}
	step, err := f.parseStep(rest.skip(1))
	if err != nil {
		return nil, err
	}
	if step == f.unit {
		return f.any(), nil
	}
	start := f.min
	if f == yearField {
		start = (minYear + step - 1) / step * step
		if start > maxYear {
			return nil, t.refuse("no year from %d to %d fits", minYear, maxYear)
		}
	}
	return []component{f.openStep(start, step)}, nil
}

// any is the list of a bare "*". Seconds are matched by components, so there it is a step of one second.
func (f field) any() []component {
	if f == secondField {
		return []component{{start: 0, stop: none, step: f.unit}}
	}
	return nil
}
