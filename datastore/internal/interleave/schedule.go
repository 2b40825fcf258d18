package interleave

import (
	"fmt"
	"strconv"
	"strings"
)

// turn is a number of moves that one actor makes in a row, or its crash.
type turn struct {
	actor string
	count int // of operations; 0: the crash
}

// schedule is what decides a run. Its text is a list of turns, "writer*3 collector writer!": three operations of the
// writer, one of the collector, and the writer crashes.
type schedule []turn

func (s schedule) String() string {
	words := make([]string, len(s))
	for i, t := range s {
		switch t.count {
		case 0:
			words[i] = t.actor + "!"
		case 1:
			words[i] = t.actor
		default:
			words[i] = fmt.Sprintf("%s*%d", t.actor, t.count)
		}
	}
	return strings.Join(words, " ")
}

// add appends one move.
func (s *schedule) add(actor string, crash bool) {
	last := len(*s) - 1
	switch {
	case crash:
		*s = append(*s, turn{actor, 0})
	case last >= 0 && (*s)[last].actor == actor && (*s)[last].count > 0:
		(*s)[last].count++
	default:
		*s = append(*s, turn{actor, 1})
	}
}

// maxTurn bounds what a text can ask for.
const maxTurn = 1_000_000

func parseSchedule(text string) (schedule, error) {
	var s schedule
	for word := range strings.FieldsSeq(text) {
		t, err := parseTurn(word)
		if err != nil {
			return nil, fmt.Errorf("schedule: %q: %w", word, err)
		}
		s = append(s, t)
	}
	return s, nil
}

func parseTurn(word string) (turn, error) {
	name, crash := strings.CutSuffix(word, "!")
	name, number, counted := strings.Cut(name, "*")
	t := turn{name, 1}
	switch {
	case !actorName.MatchString(name):
		return t, fmt.Errorf("%q is not the name of an actor", name)
	case crash && counted:
		return t, fmt.Errorf("an actor crashes once")
	case crash:
		t.count = 0
	case counted:
		n, err := strconv.Atoi(number)
		if err != nil || n < 1 || n > maxTurn {
			return t, fmt.Errorf("%q is not a number from 1 to %d", number, maxTurn)
		}
		t.count = n
	}
	return t, nil
}
