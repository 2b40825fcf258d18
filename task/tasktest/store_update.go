package tasktest

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/task"
	"github.com/heirloom-backup/heirloom/task/progress"
)

var updateRules = []rule[*place]{
	{"update", "When Update returns, the new record is what everybody sees, at each change of state.", updateIsSeen},
	{"update to what cannot follow", "A record that CheckUpdate refuses is refused, and the last one stays.",
		updateRefuses},
	{"publish", "Progress that is published is seen by others, until the record is replaced.", publishIsSeen},
}

func updateIsSeen(t testing.TB, p *place) {
	here, elsewhere := p.store(t), p.store(t)
	for n, last := range task.FinalStates() {
		c := create(t, here, sample(n))
		for _, change := range []func(task.Record) task.Record{begun, again, begun,
			func(r task.Record) task.Record { return over(r, last) }} {
			r := update(t, c, change(c.Record()))
			require.Equal(t, r, c.Record())
			requireRecord(t, here, r)
			requireRecord(t, elsewhere, r)
		}
	}
	waiting := over(sample(9), task.Cancelled)
	update(t, create(t, here, sample(9)), waiting)
	requireRecord(t, elsewhere, waiting)
}

func updateRefuses(t testing.TB, p *place) {
	s := p.store(t)
	queued, running := create(t, s, sample(1)), start(t, s, sample(2))
	for name, bad := range map[string]struct {
		claim task.Claim
		spoil func(task.Record) task.Record
	}{
		"another task":       {queued, func(task.Record) task.Record { return begun(sample(3)) }},
		"queued to queued":   {queued, func(r task.Record) task.Record { return r }},
		"queued to ok":       {queued, func(r task.Record) task.Record { return over(r, task.OK) }},
		"running to running": {running, begun},
		"no such state":      {running, func(r task.Record) task.Record { r.State = "paused"; return r }},
		"end without a time": {running, func(r task.Record) task.Record { r.State = task.OK; return r }},
		"end before the beginning": {running, func(r task.Record) task.Record {
			r = over(r, task.OK)
			r.Ended = r.Started.Add(-1)
			return r
		}},
		"another user": {running, func(r task.Record) task.Record {
			r = over(r, task.OK)
			r.User = "eve@pam"
			return r
		}},
	} {
		before := bad.claim.Record()
		require.Error(t, bad.claim.Update(t.Context(), bad.spoil(before)), name)
		require.Equal(t, before, bad.claim.Record(), name)
		requireRecord(t, s, before)
	}
	update(t, running, over(running.Record(), task.OK))
}

func publishIsSeen(t testing.TB, p *place) {
	here, elsewhere := p.store(t), p.store(t)
	c := start(t, here, sample(1))
	for items := range int64(20) {
		want := c.Record()
		want.Progress = snapshot(newYear, 20-items) // the later, the shorter
		require.NoError(t, c.Publish(want.Progress))
		requireRecord(t, here, want)
		requireRecord(t, elsewhere, want)
	}
	queued := c.Record()
	queued.Progress = snapshot(newYear, 0)
	queued = update(t, c, again(queued))
	requireRecord(t, elsewhere, queued)
	next := begun(queued)
	next.Progress = progress.Snapshot{}
	update(t, c, next)
	requireRecord(t, here, next)
	requireRecord(t, elsewhere, next)
}
