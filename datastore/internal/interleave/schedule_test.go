package interleave

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestScheduleAsText(t *testing.T) {
	var s schedule
	s.add("writer", false)
	s.add("writer", false)
	s.add("gc", false)
	s.add("gc", true)
	s.add("writer", false)
	require.Equal(t, "writer*2 gc gc! writer", s.String())
	parsed, err := parseSchedule(s.String())
	require.NoError(t, err)
	require.Equal(t, s, parsed)
}

func TestScheduleThatIsNone(t *testing.T) {
	for _, text := range []string{"a*", "a*0", "a*-1", "a*1000001", "a*2!", "!", "*2", "a,b", "a**2", "a!!"} {
		_, err := parseSchedule(text)
		require.ErrorContains(t, err, "schedule: ", text)
	}
}

func FuzzParseSchedule(f *testing.F) {
	for _, seed := range []string{"", "a", "a*3 b c!", " a  a\tb*1 ", "a*", "ä!", "a*2!"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		s, err := parseSchedule(text)
		if err != nil {
			return
		}
		again, err := parseSchedule(s.String())
		require.NoError(t, err)
		require.Equal(t, s, again)
	})
}
