package tasktest

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/task"
)

var listRules = []rule[*place]{
	{"list in order", "The newest comes first, as UPID.Compare orders them, in whatever order they were made.", listInOrder},
	{"list in pages", "Pages of each size have every record once, and the last one says that it is the last.", listInPages},
	{"list while it changes", "However the records change between two pages, none comes twice, and none is left out that " +
		"was there all the time.", listWhileItChanges},
	{"cursor to nothing", "A cursor stays good when all that it pointed to is gone.", listAfterGone},
	{"queries that cannot be answered", "A query that Validate refuses is an error, not an empty page.", listRefuses},
}

// mixed makes tasks of all states, of which many were made in the same second, and returns their records, the newest
// first. Their owners live.
func mixed(t testing.TB, s task.Store, n int) []task.Record {
	t.Helper()
	var all []task.Record
	for i := range n {
		i = i * 7 % n // in no order of time; n is no multiple of 7
		r := sampleAt(i, newYear.Add(time.Duration(i/4)*time.Hour))
		switch states := task.States(); states[i%len(states)] {
		case task.Queued:
			create(t, s, r)
		case task.Running:
			r = start(t, s, r).Record()
		default:
			r = finish(t, s, r, states[i%len(states)])
		}
		all = append(all, r)
	}
	slices.SortFunc(all, func(a, b task.Record) int { return b.UPID.Compare(a.UPID) })
	return all
}

func listInOrder(t testing.TB, p *place) {
	s := p.store(t)
	want := mixed(t, s, 30)
	require.Equal(t, want, listAll(t, s, task.Query{}))
	require.Equal(t, want, listAll(t, p.store(t), task.Query{}))
}

func listInPages(t testing.TB, p *place) {
	s := p.store(t)
	want := names(mixed(t, s, 60))
	page, err := s.List(t.Context(), task.Query{})
	require.NoError(t, err)
	require.Len(t, page.Records, task.DefaultLimit)
	for _, size := range []int{1, 7, 30, 59, 60, 61, task.MaxLimit} {
		require.Equal(t, want, names(listAll(t, s, task.Query{Limit: size})), "pages of %d", size)
	}
	page, err = s.List(t.Context(), task.Query{Limit: 60})
	require.NoError(t, err)
	require.Empty(t, page.Next, "nothing follows a page that is full")
}

func listWhileItChanges(t testing.TB, p *place) {
	s, elsewhere := p.store(t), p.store(t)
	var stays []task.UPID
	var ending []task.Claim
	for n := 10; n < 40; n++ {
		if n%3 == 0 {
			ending = append(ending, start(t, s, sample(n)))
		} else {
			finish(t, s, sample(n), task.OK)
		}
		if n >= 20 {
			stays = append(stays, sample(n).UPID)
		}
	}
	slices.Reverse(stays)

	seen := map[task.UPID]int{}
	var met []task.UPID
	q := task.Query{Limit: 4}
	for round := 0; ; round++ {
		page, err := elsewhere.List(t.Context(), q)
		require.NoError(t, err)
		for _, r := range page.Records {
			seen[r.UPID]++
			met = append(met, r.UPID)
		}
		if page.Next == "" {
			break
		}
		q.After = page.Next
		churn(t, s, round, &ending)
	}
	for id, times := range seen {
		require.Equal(t, 1, times, "%s", id)
	}
	require.Equal(t, stays, slices.DeleteFunc(met, func(id task.UPID) bool { return !slices.Contains(stays, id) }))
}

// churn is what happens between two pages: tasks arrive that are newer and older than all, one ends, and the oldest are
// removed.
func churn(t testing.TB, s task.Store, round int, ending *[]task.Claim) {
	t.Helper()
	finish(t, s, sample(1000+round), task.Failed)
	create(t, s, sample(2000+round))
	finish(t, s, sample(round%10), task.OK)
	if len(*ending) > 0 {
		c := (*ending)[0]
		*ending = (*ending)[1:]
		update(t, c, over(c.Record(), task.OK))
	}
	now := sample(20).Created.Add(time.Second)
	_, err := s.Prune(t.Context(), task.Retention{Age: 2 * time.Second}, now) // what was made before second 19
	require.NoError(t, err)
}

func listAfterGone(t testing.TB, p *place) {
	s := p.store(t)
	for n := range 6 {
		finish(t, s, sample(n), task.OK)
	}
	page, err := s.List(t.Context(), task.Query{Limit: 2})
	require.NoError(t, err)
	_, err = s.Prune(t.Context(), task.Retention{Count: 1}, newYear)
	require.NoError(t, err)
	rest, err := s.List(t.Context(), task.Query{Limit: 2, After: page.Next})
	require.NoError(t, err)
	require.Empty(t, rest.Records)
	require.Empty(t, rest.Next)
}

func listRefuses(t testing.TB, p *place) {
	s := p.store(t)
	for name, q := range map[string]task.Query{
		"negative limit": {Limit: -1},
		"large limit":    {Limit: task.MaxLimit + 1},
		"state":          {States: []task.State{"paused"}},
		"cursor":         {After: "next"},
		"time":           {Since: newYear, Until: newYear.Add(-time.Second)},
	} {
		_, err := s.List(t.Context(), q)
		require.Error(t, err, name)
	}
}
