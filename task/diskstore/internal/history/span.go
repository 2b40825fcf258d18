package history

import (
	"encoding/binary"
	"math"
	"slices"
	"time"

	"github.com/heirloom-backup/heirloom/task"
)

// span is a stretch of inverted positions, both ends included.
type span struct{ first, last inverted }

func (s span) empty() bool { return slices.Compare(s.first[:], s.last[:]) > 0 }

// newSpan returns where the records of the query's times lie that are behind its cursor.
func newSpan(q *task.Query) (s span, err error) {
	s.last = lastOfAll
	nothing := span{first: inverted{1}}
	if !q.Until.IsZero() {
		newest := roundUp(q.Until) - 1
		if newest < 0 {
			return nothing, nil
		}
		binary.BigEndian.PutUint32(s.first[:], ^uint32(min(newest, math.MaxUint32)))
	}
	if !q.Since.IsZero() {
		oldest := roundUp(q.Since)
		if oldest > math.MaxUint32 {
			return nothing, nil
		}
		binary.BigEndian.PutUint32(s.last[:], ^uint32(max(oldest, 0)))
	}
	after, err := q.After.Position()
	if err != nil || after.IsZero() {
		return s, err
	}
	behind, ok := invert(after).next()
	if !ok {
		return nothing, nil
	}
	if slices.Compare(behind[:], s.first[:]) > 0 {
		s.first = behind
	}
	return s, nil
}

// roundUp returns the first full second that is not before t. Positions have no parts of seconds.
func roundUp(t time.Time) int64 {
	if t.Nanosecond() > 0 {
		return t.Unix() + 1
	}
	return t.Unix()
}

// next returns the inverted position after v, if there is one.
func (v inverted) next() (inverted, bool) {
	for i := len(v) - 1; i >= 0; i-- {
		if v[i]++; v[i] != 0 {
			return v, true
		}
	}
	return v, false
}
