package main

import (
	"fmt"
	"time"
)

// moment is a time on the command line: RFC 3339, a day, or how long ago.
type moment struct {
	text string
	ago  days
	time time.Time
	day  bool // time is the beginning of a day, in the zone of people
}

func (m *moment) String() string { return m.text }

// Type implements pflag.Value.
func (m *moment) Type() string { return "time" }

// Set implements pflag.Value.
func (m *moment) Set(text string) (err error) {
	*m = moment{text: text}
	if m.time, err = time.Parse(time.RFC3339, text); err == nil {
		return nil
	}
	if m.time, err = time.Parse(time.DateOnly, text); err == nil {
		m.day = true
		return nil
	}
	if err := m.ago.Set(text); err != nil || m.ago == 0 {
		return fmt.Errorf("%q is no time (2026-11-22T02:00:00Z), no day (2026-11-22) and no span back from now (24h, 7d)", text)
	}
	return nil
}

// at returns the time, the zero time for none.
func (m *moment) at(now time.Time, zone *time.Location) time.Time {
	switch {
	case m.day:
		y, month, d := m.time.Date()
		return time.Date(y, month, d, 0, 0, 0, 0, zone)
	case m.ago > 0:
		return m.ago.before(now)
	}
	return m.time
}
