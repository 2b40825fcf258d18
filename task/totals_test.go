package task

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// A clock that was far ahead for a moment does not turn the sum of a day negative.
func TestTotalsDoNotOverflow(t *testing.T) {
	now := time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)
	id := UPID{Node: "a", Start: uint32(now.Unix()), Type: "copy", Auth: "ada"}
	rec := newRecord(id, Spec{Type: "copy", User: "ada"}, now)
	long := rec.begun(now).ended(OK, now.AddDate(250, 0, 0), nil)
	short := rec.begun(now).ended(OK, now.Add(time.Hour), nil)
	sums := AddTotals(nil, []Record{short, long, long, short}, time.Time{}, time.Time{})
	require.Len(t, sums, 1)
	require.Equal(t, time.Duration(math.MaxInt64), sums[0].Duration)
	require.EqualValues(t, 4, sums[0].Tasks)
	require.Equal(t, 2*time.Hour, TotalOf(&short).Plus(TotalOf(&short)).Duration)
}
