package schedule

import (
	"strings"
	"time"
)

// weekdayNames in systemd's order, Monday first. The first three letters are the short form.
var weekdayNames = [7]string{"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"}

// parseWeekdays reads a list such as "Mon,Wed..Fri" into a set, bit n being time.Weekday(n). One comma at the end is
// allowed and "-" is an old way to write "..", both as in systemd. A range may wrap over Sunday.
func parseWeekdays(t token) (uint8, error) {
	var set uint8
	items := t.split(",")
	if last := len(items) - 1; last > 0 && items[last].empty() {
		items = items[:last]
	}
	for _, item := range items {
		from, to, isRange := item.cut("..")
		if !isRange {
			from, to, isRange = item.cut("-")
		}
		first, err := parseWeekday(from)
		if err != nil {
			return 0, err
		}
		last := first
		if isRange {
			if last, err = parseWeekday(to); err != nil {
				return 0, err
			}
		}
		for day := first; ; day = (day + 1) % 7 {
			set |= 1 << day
			if day == last {
				break
			}
		}
	}
	return set, nil
}

func parseWeekday(t token) (time.Weekday, error) {
	if t.empty() {
		return 0, t.refuse("a weekday is missing")
	}
	for i, name := range weekdayNames {
		if strings.EqualFold(t.text(), name) || strings.EqualFold(t.text(), name[:3]) {
			return time.Weekday((i + 1) % 7), nil
		}
	}
	return 0, t.refuse("not a weekday; write Mon or Monday")
}

// formatWeekdays writes a set the way systemd does: in order from Monday, three days or more in a row as a range.
func formatWeekdays(set uint8) string {
	has := func(i int) bool { return i < 7 && set&(1<<((i+1)%7)) != 0 }
	var items []string
	for i := 0; i < 7; i++ {
		if !has(i) {
			continue
		}
		last := i
		for has(last + 1) {
			last++
		}
		switch first := shortWeekday(i); last - i {
		case 0:
			items = append(items, first)
		case 1:
			items = append(items, first, shortWeekday(last))
		default:
			items = append(items, first+".."+shortWeekday(last))
		}
		i = last
	}
	return strings.Join(items, ",")
}

func shortWeekday(i int) string {
	return time.Weekday((i + 1) % 7).String()[:3]
}
