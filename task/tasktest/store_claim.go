package tasktest

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/task"
)

var claimRules = []rule[*place]{
	{"claim that has ended", "With the final state the claim ends: it changes nothing any more, and says ErrReleased.",
		claimEnds},
	{"release", "A claim that was given up changes nothing any more, and the task stays as it was.", claimReleased},
	{"release and recover", "What the one who gave a claim up does afterwards is no concern of the next owner.",
		claimPassedOn},
}

func claimEnds(t testing.TB, p *place) {
	here, elsewhere := p.store(t), p.store(t)
	c := start(t, here, sample(1))
	last := update(t, c, over(c.Record(), task.OK))
	requireReleased(t, c)
	require.NoError(t, c.Release(), "nothing happens if it has ended")
	require.Equal(t, last, c.Record())
	requireRecord(t, elsewhere, last)
	require.ErrorIs(t, here.RequestCancel(t.Context(), last.UPID, task.Cancellation{}), task.ErrEnded)
	require.ErrorIs(t, elsewhere.RequestCancel(t.Context(), last.UPID, task.Cancellation{}), task.ErrEnded)
}

func claimReleased(t testing.TB, p *place) {
	here, elsewhere := p.store(t), p.store(t)
	for n, c := range []task.Claim{create(t, here, sample(0)), start(t, here, sample(1))} {
		r := c.Record()
		require.NoError(t, c.Release())
		requireReleased(t, c)
		require.NoError(t, c.Release(), "task %d, twice", n)
		requireRecord(t, here, r)
		requireRecord(t, elsewhere, r)
	}
}

// requireReleased checks that a claim that has ended has no power, whatever it is asked for.
func requireReleased(t testing.TB, c task.Claim) {
	t.Helper()
	next := over(c.Record(), task.Failed)
	require.ErrorIs(t, c.Update(t.Context(), next), task.ErrReleased)
	require.ErrorIs(t, c.Publish(snapshot(newYear, 1)), task.ErrReleased)
	_, err := c.Log().Write([]byte(aLine))
	require.ErrorIs(t, err, task.ErrReleased)
}

func claimPassedOn(t testing.TB, p *place) {
	here, elsewhere := p.store(t), p.store(t)
	old := start(t, here, sample(1))
	appendLog(t, old, aLine)
	require.NoError(t, old.Release())
	claims := recoverAll(t, elsewhere, task.QueueAgain)
	require.Len(t, claims, 1)
	next := claims[0]
	running := update(t, next, begun(next.Record()))
	requireReleased(t, old)
	require.NoError(t, old.Release())
	requireRecord(t, here, running)
	appendLog(t, next, aLine)
	last := update(t, next, over(running, task.OK))
	requireRecord(t, here, last)
	require.Equal(t, aLine+aLine, logText(t, here, last.UPID))
}
