package schedule

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// withEnds writes out the end of each step without one in a canonical form: for the day 01/11 becomes 01..23/11, which
// means the same. Years are left as they are.
func withEnds(canonical string) string {
	words := strings.Fields(canonical)
	date := 0
	if whole(words[0]).startsWithLetter() {
		date = 1
	}
	month, day := strings.IndexByte(words[date], '-')+1, strings.LastIndexAny(words[date], "-~")+1
	bounds := dayField
	if words[date][day-1] == '~' {
		bounds = endField
	}
	words[date] = words[date][:month] + closeSteps(monthField, words[date][month:day-1]) +
		words[date][day-1:day] + closeSteps(bounds, words[date][day:])
	clock := strings.Split(words[date+1], ":")
	for i, f := range []field{hourField, minuteField, secondField} {
		clock[i] = closeSteps(f, clock[i])
	}
	words[date+1] = strings.Join(clock, ":")
	return strings.Join(words, " ")
}

func closeSteps(f field, text string) string {
	list, err := f.parse(whole(text))
	if err != nil {
		panic(err)
	}
	var closed []string
	for _, c := range list {
		if c.step > 0 && c.stop == none && f.format([]component{c}) != "*" {
			c.stop = f.max
			if f == endField {
				c.start, c.stop = 1+(c.start-1)%c.step, c.start
			}
			c = c.normal()
		}
		closed = append(closed, f.format([]component{c}))
	}
	if len(closed) == 0 {
		return "*"
	}
	return strings.Join(closed, ",")
}

func TestWithEnds(t *testing.T) {
	for canonical, want := range map[string]string{
		"Mon *-*-01/11 00/7:01/2,05:00/10.5 UTC": "Mon *-*-01..23/11 00..21/7:01..59/2,05:00..52.500000/10.500000 UTC",
		"*-*~07/3 *:*:*":                         "*-*~01..07/3 *:*:*",
		"2024/2-01/3-* 00:00:00":                 "2024/2-01..10/3-* 00:00:00",
	} {
		require.Equal(t, want, withEnds(canonical))
	}
}
