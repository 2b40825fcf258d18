package task

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/task/remedy"
)

// A task of which its processes die is not taken up for ever.
func TestTakenUpAgainOnlySoOften(t *testing.T) {
	play(t, Options{Handlers: map[string]Func{"sync": succeed}}, func(s *scene) {
		now, spec := time.Now(), requeued()
		id, err := ThisProcess().NewUPID(now, spec.Type, spec.id(), spec.User)
		require.NoError(s, err)
		rec := newRecord(id, spec, now).begun(now)
		for range MaxInterruptions {
			require.Equal(s, QueueAgain, s.judge(rec))
			rec = rec.AfterInterruption(QueueAgain, now, 0)
			require.Equal(s, rec, rec.AfterInterruption(QueueAgain, now, 0), "while it waits it interrupts nobody")
			require.Equal(s, QueueAgain, s.judge(rec))
			rec = rec.begun(now)
		}
		require.Equal(s, Interrupted, s.judge(rec))
		require.Equal(s, QueueAgain, s.judge(rec.again(now, nil).begun(now)), "an attempt that ended in between")
	})
}

func TestRunnerGivesUpWhatWasInterruptedAgainAndAgain(t *testing.T) {
	store := NewMemory()
	now, spec := time.Now(), requeued()
	id, err := ThisProcess().NewUPID(now, spec.Type, spec.id(), spec.User)
	require.NoError(t, err)
	claim, err := store.Create(t.Context(), newRecord(id, spec, now))
	require.NoError(t, err)
	rec := claim.Record().begun(now)
	rec.Interrupted = MaxInterruptions
	require.NoError(t, claim.Update(t.Context(), rec))
	require.NoError(t, claim.Release())
	play(t, Options{Store: store, Handlers: map[string]Func{"sync": succeed}}, func(s *scene) {
		require.NoError(s, s.Drain(s.Context()))
		rec, err := store.Get(s.Context(), id)
		require.NoError(s, err)
		require.Equal(s, Failed, rec.State)
		require.Equal(s, remedy.CodeInterrupted, rec.Failure.Code)
	})
}
