package tasktest

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/task"
)

var createRules = []rule[*place]{
	{"create", "When Create returns, the record is known to everybody who uses the place.", createIsSeen},
	{"create what cannot be", "A record that CheckNew refuses is refused, and leaves nothing behind.", createRefuses},
	{"create twice", "A task that is there and has not ended cannot be made again.", createTwice},
	{"create at the same time", "Of those who make the same task through one store at the same time one succeeds.", createAtOnce},
	{"unknown task", "Of a task that is not there, ErrNotFound says so.", unknownTask},
	{"context done", "A method whose context has ended returns its error and changes nothing.", contextDone},
}

func createIsSeen(t testing.TB, p *place) {
	here, elsewhere := p.store(t), p.store(t)
	r := sample(1)
	r.NotBefore = r.Created.Add(time.Hour)
	c := create(t, here, r)
	require.Equal(t, r, c.Record())
	requireRecord(t, here, r)
	requireRecord(t, elsewhere, r)
}

func createRefuses(t testing.TB, p *place) {
	s := p.store(t)
	for name, spoil := range map[string]func(*task.Record){
		"no name":            func(r *task.Record) { r.UPID = task.UPID{} },
		"no state":           func(r *task.Record) { r.State = "" },
		"running":            func(r *task.Record) { *r = begun(*r) },
		"ended":              func(r *task.Record) { *r = over(*r, task.OK) },
		"an end":             func(r *task.Record) { r.Ended = r.Created },
		"another type":       func(r *task.Record) { r.Type = "restore" },
		"another user":       func(r *task.Record) { r.User = "eve@pam" },
		"a negative time":    func(r *task.Record) { r.Deadline = -1 },
		"a source of noise":  func(r *task.Record) { r.Source = "a\xffb" },
		"a payload of noise": func(r *task.Record) { r.Payload = []byte("{") },
	} {
		r := sample(1)
		spoil(&r)
		_, err := s.Create(t.Context(), r)
		require.Error(t, err, name)
	}
	require.Empty(t, listAll(t, s, task.Query{}))
}

func createTwice(t testing.TB, p *place) {
	here, elsewhere := p.store(t), p.store(t)
	running := begun(sample(1))
	update(t, create(t, here, sample(1)), running)
	for _, s := range []task.Store{here, elsewhere} {
		_, err := s.Create(t.Context(), sample(1))
		require.ErrorIs(t, err, task.ErrExists)
	}
	requireRecord(t, elsewhere, running)
}

func createAtOnce(t testing.TB, p *place) {
	s := p.store(t)
	for n := range 10 {
		var made atomic.Int32
		var group sync.WaitGroup
		for range 4 {
			group.Go(func() {
				if _, err := s.Create(t.Context(), sample(n)); err == nil {
					made.Add(1)
				}
			})
		}
		group.Wait()
		require.EqualValues(t, 1, made.Load(), "makers of task %d", n)
		requireRecord(t, s, sample(n))
	}
}

func unknownTask(t testing.TB, p *place) {
	s := p.store(t)
	_, err := s.Get(t.Context(), sample(1).UPID)
	require.ErrorIs(t, err, task.ErrNotFound)
	_, err = s.OpenLog(t.Context(), sample(1).UPID)
	require.ErrorIs(t, err, task.ErrNotFound)
	err = s.RequestCancel(t.Context(), sample(1).UPID, task.Cancellation{By: "ada"})
	require.ErrorIs(t, err, task.ErrNotFound)
}

func contextDone(t testing.TB, p *place) {
	s := p.store(t)
	c := create(t, s, sample(1))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := s.Create(ctx, sample(2))
	require.ErrorIs(t, err, context.Canceled)
	require.ErrorIs(t, c.Update(ctx, begun(sample(1))), context.Canceled)
	require.ErrorIs(t, s.RequestCancel(ctx, sample(1).UPID, task.Cancellation{}), context.Canceled)
	_, err = s.Recover(ctx, newYear, func(task.Record) task.Verdict { return task.Interrupted })
	require.ErrorIs(t, err, context.Canceled)
	_, err = s.Prune(ctx, task.Retention{Count: 1}, newYear)
	require.ErrorIs(t, err, context.Canceled)
	_, err = s.List(ctx, task.Query{})
	require.ErrorIs(t, err, context.Canceled)
	require.Equal(t, []task.Record{sample(1)}, listAll(t, s, task.Query{}))
}
