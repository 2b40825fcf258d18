package retention_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/retention"
)

func TestTableShowsNamesAndStaysInItsCells(t *testing.T) {
	snapshots := at("2026-11-22 02:00", "2026-11-21 02:00")
	snapshots[0].ID, snapshots[0].Hold = "a\tb", "line one\nfake line\x1b[2J"
	snapshots[1].ID = "c"
	var table strings.Builder
	require.NoError(t, retention.Plan(retention.Policy{Daily: 1}, snapshots, nil).WriteTable(&table, nil))
	require.Equal(t, strings.Join([]string{
		"SNAPSHOT  TIME                      PLAN  WHY",
		"a b       Sun 2026-11-22 02:00 UTC  keep  held: line one fake line [2J",
		"c         Sat 2026-11-21 02:00 UTC  keep  keep-daily #1",
		"2 kept, 0 removed",
		"",
	}, "\n"), table.String())
}

func TestTimesAreShownInTheZone(t *testing.T) {
	tokyo := zoneNamed(t, "Asia/Tokyo")
	snapshots := at("2026-11-21 20:00")
	var table, calendar strings.Builder
	plan := retention.Plan(retention.Policy{Daily: 1}, snapshots, tokyo)
	require.NoError(t, plan.WriteTable(&table, tokyo))
	require.Contains(t, table.String(), "Sun 2026-11-22 05:00 JST")
	require.NoError(t, plan.WriteCalendar(&calendar, tokyo))
	require.Contains(t, calendar.String(), "2026-11                       d\n")
}

func TestCalendarSigns(t *testing.T) {
	snapshots := at("2026-11-01 02:00", "2026-11-02 02:00", "2026-11-02 03:00", "2026-11-03 02:00", "2026-11-03 03:00",
		"2026-11-05 02:00", "2026-11-05 03:00", "2026-11-05 04:00", "2027-01-31 02:00")
	snapshots[3].Protected, snapshots[5].Protected = true, true
	for name, tc := range map[string]struct {
		policy retention.Policy
		want   []string
	}{
		"several of a day, of which one stays or more": {
			// on the 3rd the protected one is the older, on the 5th the newest stays by its own slot
			retention.Policy{Last: 2},
			[]string{"2026-11  ..p L", "2027-01                                l", "l keep-last, p protected, . removed"},
		},
		"without a window": {
			retention.Policy{},
			[]string{"2026-11  aAA A", "2027-01                                a", "a keep-all, . removed"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			var calendar strings.Builder
			require.NoError(t, retention.Plan(tc.policy, snapshots, time.UTC).WriteCalendar(&calendar, time.UTC))
			lines := strings.Split(calendar.String(), "\n")
			require.Equal(t, append(tc.want, ""), lines[1:])
		})
	}
}

func TestForecastTableOfNothing(t *testing.T) {
	forecast := forecastTimes(t, "keep-last=1", nil, retention.ForecastOptions{})
	var table strings.Builder
	require.NoError(t, forecast.WriteTable(&table))
	require.Equal(t, "TIME  GOES  STAYS BY\nno snapshots\n", table.String())
}

var errLeft = errors.New("the reader left")

// leaving is a reader who misses one write.
type leaving struct{ missed bool }

func (l *leaving) Write(p []byte) (int, error) {
	if l.missed {
		return len(p), nil
	}
	l.missed = true
	return 0, errLeft
}

func TestWritersReportWhatTheyCouldNotWrite(t *testing.T) {
	plan := retention.Plan(retention.Policy{Last: 1}, week(), nil)
	require.ErrorIs(t, plan.WriteTable(&leaving{}, nil), errLeft)
	require.ErrorIs(t, plan.WriteCalendar(&leaving{}, nil), errLeft)
	forecast := forecastTimes(t, "keep-last=1", timesOf(week()), retention.ForecastOptions{})
	require.ErrorIs(t, forecast.WriteTable(&leaving{}), errLeft)
	require.ErrorIs(t, forecast.WriteCalendar(&leaving{}), errLeft)
}
