package task

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

func TestHealth(t *testing.T) {
	play(t, Options{Slots: 1, PublishEvery: time.Second}, func(s *scene) {
		require.Equal(s, Health{Slots: 1}, s.health())
		begin := time.Now().UTC()
		running := s.submit(chore("copy"), func(_ context.Context, run *Run) error {
			stage := run.Stage("write", progressTotal(0))
			time.Sleep(10500 * time.Millisecond)
			stage.AddBytes(1)
			time.Sleep(time.Minute)
			return nil
		})
		synctest.Wait()
		time.Sleep(2 * time.Second)
		s.submit(chore("copy"), succeed)
		time.Sleep(time.Second)
		s.submit(chore("copy"), succeed)
		h := s.health()
		require.Equal(s, 2, h.Queued)
		require.Equal(s, begin.Add(2*time.Second), h.Oldest)
		require.Equal(s, []Worker{{Task: running.UPID(), Since: begin, LastSign: begin}}, h.Running)

		time.Sleep(10 * time.Second)
		require.Equal(s, begin.Add(11*time.Second), s.health().Running[0].LastSign, "seen a moment after it was counted")
		require.NoError(s, s.Drain(s.Context()))
		require.Equal(s, Health{Slots: 1, Closing: true}, s.health())
	})
}

func TestHealthGoesByTheRunnersClock(t *testing.T) {
	noon := time.Date(2030, 5, 1, 12, 0, 0, 0, time.UTC)
	play(t, Options{Now: func() time.Time { return noon }}, func(s *scene) {
		task := s.submit(chore("copy"), obey)
		synctest.Wait()
		require.Equal(s, []Worker{{Task: task.UPID(), Since: noon, LastSign: noon}}, s.health().Running)
	})
}

func TestHealthSaysWhoIsStopping(t *testing.T) {
	play(t, Options{}, func(s *scene) {
		gate := make(chan struct{})
		s.submit(chore("copy"), until(gate))
		synctest.Wait()
		require.False(s, s.health().Running[0].Stopping)
		go func() { _ = s.Close(context.Background()) }()
		synctest.Wait()
		require.True(s, s.health().Running[0].Stopping)
		close(gate)
	})
}
