package main

import (
	"fmt"
	"regexp"
	"strconv"
	"time"
)

// optional is the value of a flag for which the empty text is a value, too.
type optional struct{ value *string }

func (o *optional) String() string {
	if o.value == nil {
		return ""
	}
	return *o.value
}

// Set implements pflag.Value.
func (o *optional) Set(text string) error {
	o.value = &text
	return nil
}

// Type implements pflag.Value.
func (o *optional) Type() string { return "text" }

// days is a span of time given in days (30, 30d), weeks (2w) or as Go writes durations (12h).
type days time.Duration

func (d *days) String() string {
	if *d == 0 {
		return ""
	}
	return time.Duration(*d).String()
}

// Type implements pflag.Value.
func (d *days) Type() string { return "span" }

var daysForm = regexp.MustCompile(`^([0-9]{1,5})([dw]?)$`)

// Set implements pflag.Value.
func (d *days) Set(text string) error {
	if m := daysForm.FindStringSubmatch(text); m != nil {
		n, _ := strconv.Atoi(m[1]) // up to five digits always are a number
		if m[2] == "w" {
			n *= 7
		}
		return d.set(text, time.Duration(n)*24*time.Hour)
	}
	span, err := time.ParseDuration(text)
	if err != nil {
		return fmt.Errorf("%q is no span of time like 30d, 2w or 12h", text)
	}
	return d.set(text, span)
}

const maxSpan = 100 * 365 * 24 * time.Hour

func (d *days) set(text string, span time.Duration) error {
	if span < 0 || span > maxSpan {
		return fmt.Errorf("%q is not between nothing and a hundred years", text)
	}
	*d = days(span)
	return nil
}

// before returns the moment that lies so far before now; the zero time for no span.
func (d days) before(now time.Time) time.Time {
	if d == 0 {
		return time.Time{}
	}
	return now.Add(-time.Duration(d))
}
