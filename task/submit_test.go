package task

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

func TestBacklog(t *testing.T) {
	play(t, Options{Backlog: 3}, func(s *scene) {
		s.Pause()
		synctest.Wait() // a ticket that is just being given back is not counted
		for range 3 {
			s.submit(chore("copy"), succeed)
		}
		_, err := s.Submit(s.Context(), chore("copy"), succeed)
		require.ErrorIs(s, err, ErrBacklog)
		page, err := s.store.List(s.Context(), Query{})
		require.NoError(s, err)
		require.Len(s, page.Records, 3, "what was refused leaves no record")
		s.Resume()
		require.NoError(s, s.Drain(s.Context()))
	})
}

func TestHandlerOfAType(t *testing.T) {
	handlers := map[string]Func{"copy": func(_ context.Context, run *Run) error {
		if string(run.Spec().Payload) != "[1]" {
			return fmt.Errorf("payload %s", run.Spec().Payload)
		}
		return nil
	}}
	play(t, Options{Handlers: handlers}, func(s *scene) {
		spec := chore("copy")
		spec.Payload = []byte("[1]")
		_, err := s.wait(s.submit(spec, nil))
		require.NoError(s, err)
		_, err = s.Submit(s.Context(), chore("other"), nil)
		require.ErrorContains(s, err, `submit a task of type "other"`)
		_, err = s.wait(s.submit(spec, fail))
		require.ErrorIs(s, err, errBroken, "the function that comes along goes first")
	})
}

func TestSubmitRefuses(t *testing.T) {
	for name, spec := range map[string]Spec{
		"no type":      {User: "ada"},
		"no user":      {Type: "copy"},
		"colon":        {Type: "co:py", User: "ada"},
		"requeue":      {Type: "copy", User: "ada", Requeue: true}, // nobody could take it up
		"deadline":     {Type: "copy", User: "ada", Deadline: -1},
		"payload":      {Type: "copy", User: "ada", Payload: []byte("{")},
		"long payload": {Type: "copy", User: "ada", Payload: make([]byte, maxPayload+1)},
		"long target":  {Type: "copy", User: "ada", Target: string(make([]byte, maxText+1))},
	} {
		t.Run(name, func(t *testing.T) {
			play(t, Options{}, func(s *scene) {
				_, err := s.Submit(s.Context(), spec, succeed)
				require.ErrorContains(s, err, "submit a task of type")
				require.Zero(s, s.health().Queued)
			})
		})
	}
	for name, now := range map[string]time.Time{"before 1970": time.Unix(-1, 0), "after 2106": time.Unix(1<<32, 0)} {
		t.Run(name, func(t *testing.T) {
			play(t, Options{Now: func() time.Time { return now }}, func(s *scene) {
				_, err := s.Submit(s.Context(), chore("copy"), succeed)
				require.ErrorContains(s, err, "the clock says")
			})
		})
	}
}

func TestOptionsRefused(t *testing.T) {
	for name, o := range map[string]Options{
		"Slots": {Slots: -1}, "Backlog": {Backlog: -1}, "Grace": {Grace: -1}, "Patience": {Patience: -1},
		"PublishEvery": {PublishEvery: -1}, "handler": {Handlers: map[string]Func{"copy": nil}},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := NewRunner(t.Context(), o)
			require.ErrorContains(t, err, name)
		})
	}
}

func TestDoStopsTheTaskWhenItsContextEnds(t *testing.T) {
	play(t, Options{}, func(s *scene) {
		ctx, cancel := context.WithTimeoutCause(s.Context(), time.Minute, errors.New("lunch"))
		defer cancel()
		rec, err := s.Do(ctx, chore("copy"), obey)
		require.Equal(s, Cancelled, rec.State)
		require.ErrorContains(s, err, "cancelled: lunch")

		ctx, cancel = context.WithCancel(s.Context())
		cancel()
		_, err = s.Do(ctx, chore("copy"), succeed)
		require.ErrorIs(s, err, context.Canceled)
	})
}

func TestWaitWhoseContextEnds(t *testing.T) {
	play(t, Options{}, func(s *scene) {
		task := s.submit(chore("copy"), lasting(time.Hour))
		ctx, cancel := context.WithTimeout(s.Context(), time.Minute)
		defer cancel()
		rec, err := task.Wait(ctx)
		require.ErrorIs(s, err, context.DeadlineExceeded)
		require.Equal(s, Running, rec.State)
		_, err = s.wait(task)
		require.NoError(s, err)
		_, err = task.Wait(ctx)
		require.NoError(s, err, "of what has ended the end is told, also to those who are late")
	})
}
