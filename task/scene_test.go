package task

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/task/tasklog"
)

// scene is a runner at work, in a bubble of its own: its time passes as soon as everybody waits.
type scene struct {
	*testing.T
	*Runner
	store Store
}

// play runs a test with a runner, and closes it afterwards. What the runner started must be gone then, or the bubble says
// that it is not.
func play(t *testing.T, o Options, f func(s *scene)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		if o.Store == nil {
			o.Store = NewMemory()
		}
		r, err := NewRunner(t.Context(), o)
		require.NoError(t, err)
		defer func() { _ = r.Close(context.Background()) }()
		f(&scene{T: t, Runner: r, store: o.Store})
	})
}

func (s *scene) submit(spec Spec, f Func) *Task {
	s.Helper()
	t, err := s.Submit(s.Context(), spec, f)
	require.NoError(s, err)
	return t
}

// wait returns the last record, which is also that of the store.
func (s *scene) wait(t *Task) (Record, error) {
	s.Helper()
	rec, err := t.Wait(s.Context())
	stored, getErr := s.store.Get(s.Context(), t.UPID())
	require.NoError(s, getErr)
	require.Equal(s, stored, rec, "what Wait returns is what is in the store")
	return rec, err
}

// logText returns the log of a task as people read it.
func (s *scene) logText(id UPID) string {
	s.Helper()
	var text string
	for _, line := range s.logLines(id) {
		text += line.String() + "\n"
	}
	return text
}

func (s *scene) logLines(id UPID) (lines []tasklog.Line) {
	s.Helper()
	log, err := s.store.OpenLog(s.Context(), id)
	require.NoError(s, err)
	defer log.Close()
	for line, err := range tasklog.Read(log, 0) {
		require.NoError(s, err)
		lines = append(lines, line)
	}
	return lines
}

func (s *scene) health() Health {
	s.Helper()
	h, err := s.Health(s.Context())
	require.NoError(s, err)
	return h
}

// closeWithin closes the runner, and gives it so long.
func (s *scene) closeWithin(d time.Duration) error {
	ctx, cancel := context.WithTimeout(context.Background(), d)
	defer cancel()
	return s.Close(ctx)
}

// chore is a spec without anything special.
func chore(kind string) Spec { return Spec{Type: kind, User: "ada@pam", Source: "disk-1"} }

// Behaviours of tasks.

var errBroken = errors.New("it is broken")

func succeed(context.Context, *Run) error { return nil }

func fail(context.Context, *Run) error { return errBroken }

// obey works until it is asked to stop.
func obey(ctx context.Context, _ *Run) error {
	<-ctx.Done()
	return ctx.Err()
}

// lasting works for a time, and does not care who asks it to stop.
func lasting(d time.Duration) Func {
	return func(context.Context, *Run) error {
		time.Sleep(d) // of the bubble
		return nil
	}
}

// until works until somebody opens the gate, whatever is asked of it.
func until(gate <-chan struct{}) Func {
	return func(context.Context, *Run) error {
		<-gate
		return nil
	}
}

// requireSlotFreeAndKeyHeld checks that others have the slot of a task that was abandoned, and that its key is held until its
// function ends, which closing the gate lets it.
func (s *scene) requireSlotFreeAndKeyHeld(abandoned Spec, gate chan struct{}) {
	_, err := s.wait(s.submit(chore("other"), succeed))
	require.NoError(s, err)
	same := s.submit(abandoned, succeed)
	synctest.Wait()
	require.Equal(s, Queued, same.Record().State)
	close(gate)
	_, err = s.wait(same)
	require.NoError(s, err)
}
