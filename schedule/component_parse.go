package schedule

// parseComponent reads "a", "a..b", "a/n" or "a..b/n".
func (f field) parseComponent(t token) (component, error) {
	span, stepToken, hasStep := t.cut("/")
	c, err := f.parseSpan(span)
	if err != nil {
		return component{}, err
	}
	if !hasStep {
		if c.start < c.stop && c.stop < c.start+c.step {
			return component{}, span.refuse("the range is shorter than its step of one second; write a step too")
		}
		return c.normal(), nil
	}
	step, err := f.parseStep(stepToken)
	switch {
	case err != nil:
		return component{}, err
	case c.stop != none:
		return component{c.start, c.stop, step}.normal(), nil
	case f != endField:
		return f.openStep(c.start, step), nil
	case c.start-step < f.min:
		return component{}, stepToken.refuse("counting %d days on from there leaves the month", step)
	}
	return component{c.start, none, step}, nil
}

// parseSpan reads "a" or "a..b", the latter with a step of one.
func (f field) parseSpan(t token) (component, error) {
	first, last, isRange := t.cut("..")
	start, err := f.parseValue(first)
	if err != nil || !isRange {
		return component{start: start, stop: none}, err
	}
	stop, err := f.parseValue(last)
	if err != nil {
		return component{}, err
	}
	if stop < start {
		return component{}, t.refuse("the range runs backwards; write two ranges instead")
	}
	return component{start, stop, f.unit}, nil
}

// openStep is "start/step" without an end: one value only when the first step already leaves the field.
func (f field) openStep(start, step int64) component {
	if start+step > f.max {
		return component{start: start, stop: none}
	}
	return component{start: start, stop: none, step: step}
}

func (f field) parseValue(t token) (int64, error) {
	n, err := f.parseNumber(t)
	if err != nil {
		return 0, err
	}
	if f == yearField {
		n = fullYear(n)
	}
	if n < f.min || n > f.max {
		return 0, t.refuse("%s run from %d to %d%s", f.name, f.min/f.unit, f.max/f.unit, f.hint)
	}
	return n, nil
}

func (f field) parseStep(t token) (int64, error) {
	n, err := f.parseNumber(t)
	switch {
	case err != nil:
		return 0, err
	case n == 0:
		return 0, t.refuse("a step of 0 never moves on")
	case n > f.max:
		return 0, t.refuse("the step is larger than %s go (%d)", f.name, f.max/f.unit)
	}
	return n, nil
}

func (f field) parseNumber(t token) (int64, error) {
	if f == secondField {
		return t.micros()
	}
	return t.number()
}

// fullYear completes years of two digits as systemd does: 69 is 2069, 70 is 1970.
func fullYear(n int64) int64 {
	switch {
	case n < 70:
		return n + 2000
	case n < 100:
		return n + 1900
	}
	return n
}
