package tasktest

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/task"
)

var totalRules = []rule[*place]{
	{"totals", "The sums are those of all tasks that have ended, also after their records are gone.", totalsAreSums},
	{"totals of some days", "Days are those from that of since up to that of until, both included.", totalsOfDays},
}

func totalsAreSums(t testing.TB, p *place) {
	here, elsewhere := p.store(t), p.store(t)
	require.Empty(t, totalsOf(t, here, time.Time{}, time.Time{}))
	var ended []task.Record
	check := func(when string) {
		t.Helper()
		want := naiveTotals(ended)
		require.Equal(t, want, totalsOf(t, here, time.Time{}, time.Time{}), when)
		require.Equal(t, want, totalsOf(t, elsewhere, time.Time{}, time.Time{}), when)
	}
	for round := range 3 {
		for n := range 12 {
			r := sampleAt(100*round+n, newYear.Add(time.Duration(n)*8*time.Hour))
			ended = append(ended, finish(t, here, r, task.FinalStates()[n%4]))
		}
		start(t, here, sample(1000+round)) // does not count
		check("before pruning")
		_, err := elsewhere.Prune(t.Context(), task.Retention{Count: 3}, newYear)
		require.NoError(t, err)
		check("after pruning")
	}
}

// naiveTotals sums up one record after the other, in the order that Store.Totals promises.
func naiveTotals(records []task.Record) []task.Total {
	var sums []task.Total
	days := map[time.Time]bool{}
	for i := range records {
		days[task.TotalOf(&records[i]).Day] = true
	}
	for day := newYear; len(days) > 0; day = day.Add(24 * time.Hour) {
		for _, state := range []task.State{task.Cancelled, task.Failed, task.OK, task.Warning} {
			sum := task.Total{Day: day, Type: "backup", State: state}
			for i := range records {
				if one := task.TotalOf(&records[i]); one.Day.Equal(day) && one.State == state {
					sum = sum.Plus(one)
				}
			}
			if sum.Tasks > 0 {
				sums = append(sums, sum)
			}
		}
		delete(days, day)
	}
	return sums
}

func totalsOfDays(t testing.TB, p *place) {
	s := p.store(t)
	var ended []task.Record
	for n := range 5 {
		r := sampleAt(n, newYear.Add(time.Duration(n)*24*time.Hour+time.Duration(n)*time.Hour))
		ended = append(ended, finish(t, s, r, task.OK))
	}
	for _, file := range []bool{false, true} {
		if file {
			_, err := s.Prune(t.Context(), task.Retention{}, newYear)
			require.NoError(t, err)
		}
		noon := func(day int) time.Time { return newYear.Add(time.Duration(day)*24*time.Hour + 12*time.Hour) }
		require.Equal(t, naiveTotals(ended[1:4]), totalsOf(t, s, noon(1), noon(3)))
		require.Equal(t, naiveTotals(ended[3:]), totalsOf(t, s, noon(3), time.Time{}))
		require.Equal(t, naiveTotals(ended[:2]), totalsOf(t, s, time.Time{}, noon(1)))
		require.Empty(t, totalsOf(t, s, noon(5), noon(9)))
	}
}
