package tasktest

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/task"
)

var crashRules = []rule[*place]{
	{"crash at each point", "Whatever a method has returned from is there after a crash.", crashAtEachPoint},
	{"crash and recover", "After a crash, tasks that had not ended have no owner and are recovered; those of others are not.",
		crashAndRecover},
	{"crash again and again", "A store stands any number of crashes.", crashOften},
}

// crashAtEachPoint goes through the script as far as each of its points, crashes there, and looks what is left.
func crashAtEachPoint(t testing.TB, p *place) {
	for steps := range len(script) + 1 {
		p := newPlace(t, p.harness)
		w := newWorld(p.store(t))
		for _, step := range script[:steps] {
			step.do(t, w)
		}
		s := p.crash(t, w.store)
		where := "at the beginning"
		if steps > 0 {
			where = fmt.Sprintf("after step %d: %s", steps, script[steps-1].name)
		}
		w.requireAll(t, s, where)
		requireRecoverable(t, s, w, where)
	}
}

// requireRecoverable checks that after a crash exactly the tasks that had not ended are found without an owner.
func requireRecoverable(t testing.TB, s task.Store, w *world, where string) {
	t.Helper()
	var want []task.UPID
	for _, r := range w.records {
		if !r.State.Final() {
			want = append(want, r.UPID)
		}
	}
	claims := recoverAll(t, s, task.QueueAgain)
	var got []task.UPID
	for _, c := range claims {
		got = append(got, c.Record().UPID)
	}
	require.ElementsMatch(t, want, got, where)
}

func crashAndRecover(t testing.TB, p *place) {
	here, elsewhere := p.store(t), p.store(t)
	start(t, here, sample(1))
	create(t, here, sample(2))
	ended := finish(t, here, sample(3), task.OK)
	alive := start(t, elsewhere, sample(4))
	next := p.crash(t, here)
	claims := recoverAll(t, next, task.QueueAgain)
	require.Len(t, claims, 2)
	for _, c := range claims {
		update(t, c, begun(c.Record()))
		update(t, c, over(c.Record(), task.OK))
	}
	requireRecord(t, next, ended)
	requireRecord(t, next, alive.Record())
	update(t, alive, over(alive.Record(), task.OK))
	require.Equal(t, int64(4), totalsOf(t, next, time.Time{}, time.Time{})[0].Tasks)
}

func crashOften(t testing.TB, p *place) {
	s := p.store(t)
	c := start(t, s, sample(0))
	var log string
	for n := range 8 {
		finish(t, s, sample(1+n), task.OK)
		line := fmt.Sprintf("attempt %d\n", n)
		appendLog(t, c, line)
		log += line
		s = p.crash(t, s)
		claims := recoverAll(t, s, task.QueueAgain)
		require.Len(t, claims, 1)
		c = claims[0]
		update(t, c, begun(c.Record()))
	}
	require.Equal(t, 9, c.Record().Attempt)
	update(t, c, over(c.Record(), task.OK))
	require.Equal(t, log, logText(t, s, sample(0).UPID))
	require.Len(t, listAll(t, s, task.Query{States: []task.State{task.OK}}), 9)
}
