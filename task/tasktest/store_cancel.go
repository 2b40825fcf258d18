package tasktest

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/task"
	"github.com/heirloom-backup/heirloom/task/remedy"
)

var cancelRules = []rule[*place]{
	{"cancel", "A wish to stop a task reaches its owner, whoever utters it.", cancelReaches},
	{"cancel before anybody listens", "A wish that was uttered before OnCancel was called is told then.", cancelEarlier},
	{"cancel twice", "The owner is told once, however often it is asked.", cancelOnce},
	{"last listener", "Only the function of the last OnCancel counts.", cancelLastListener},
	{"cancel of a task without owner", "It is cancelled, and not begun again, when somebody recovers it, without a question.", cancelWithoutOwner},
	{"cancel one of many", "A wish is told to the owner of its task only.", cancelOneOfMany},
}

var wish = task.Cancellation{By: "eve@pam", Reason: "wrong machine", At: newYear}

func cancelReaches(t testing.TB, p *place) {
	here, elsewhere := p.store(t), p.store(t)
	for n, from := range []task.Store{here, elsewhere} {
		c := start(t, here, sample(n))
		told := listen(c)
		require.NoError(t, from.RequestCancel(t.Context(), c.Record().UPID, wish))
		require.Equal(t, wish, within(t, p, told, "a wish that was told"))
		requireRecord(t, elsewhere, c.Record())
		update(t, c, over(c.Record(), task.Cancelled))
	}
}

// listen returns what is told to the owner of a claim.
func listen(c task.Claim) <-chan task.Cancellation {
	told := make(chan task.Cancellation, 10)
	c.OnCancel(func(w task.Cancellation) { told <- w })
	return told
}

func cancelEarlier(t testing.TB, p *place) {
	here, elsewhere := p.store(t), p.store(t)
	for n, from := range []task.Store{here, elsewhere} {
		c := create(t, here, sample(n))
		require.NoError(t, from.RequestCancel(t.Context(), c.Record().UPID, wish))
		require.Equal(t, wish, within(t, p, listen(c), "a wish that was told"))
	}
}

func cancelOnce(t testing.TB, p *place) {
	here, elsewhere := p.store(t), p.store(t)
	c, other := start(t, here, sample(1)), start(t, here, sample(2))
	told := listen(c)
	require.NoError(t, elsewhere.RequestCancel(t.Context(), c.Record().UPID, wish))
	within(t, p, told, "a wish that was told")
	require.NoError(t, elsewhere.RequestCancel(t.Context(), c.Record().UPID, task.Cancellation{By: "bob"}))
	require.NoError(t, here.RequestCancel(t.Context(), c.Record().UPID, task.Cancellation{By: "bob"}))
	require.NoError(t, elsewhere.RequestCancel(t.Context(), other.Record().UPID, wish))
	within(t, p, listen(other), "a later wish that was told") // by then the earlier ones would have been
	require.Empty(t, told)
}

func cancelLastListener(t testing.TB, p *place) {
	here, elsewhere := p.store(t), p.store(t)
	c := start(t, here, sample(1))
	first, last := listen(c), listen(c)
	require.NoError(t, elsewhere.RequestCancel(t.Context(), c.Record().UPID, wish))
	within(t, p, last, "a wish that was told")
	require.Empty(t, first)
}

func cancelWithoutOwner(t testing.TB, p *place) {
	here, elsewhere := p.store(t), p.store(t)
	c := start(t, here, sample(1))
	require.NoError(t, c.Release())
	require.NoError(t, here.RequestCancel(t.Context(), c.Record().UPID, wish))
	require.Empty(t, recoverAll(t, elsewhere, task.QueueAgain))
	got, err := here.Get(t.Context(), c.Record().UPID)
	require.NoError(t, err)
	require.Equal(t, task.Cancelled, got.State)
	require.Equal(t, remedy.CodeCancelled, got.Failure.Code)
	require.Contains(t, got.Failure.Message, wish.By)
}

func cancelOneOfMany(t testing.TB, p *place) {
	here, elsewhere := p.store(t), p.store(t)
	unasked, asked := listen(start(t, here, sample(1))), listen(start(t, here, sample(2)))
	require.NoError(t, elsewhere.RequestCancel(t.Context(), sample(2).UPID, wish))
	within(t, p, asked, "a wish that was told")
	require.Empty(t, unasked)
}
