package task

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

func TestPauseLetsNothingBegin(t *testing.T) {
	play(t, Options{}, func(s *scene) {
		running := s.submit(chore("before"), lasting(time.Minute))
		synctest.Wait()
		s.Pause()
		s.Pause()
		require.True(s, s.health().Paused)
		task := s.submit(chore("after"), succeed)
		_, err := s.wait(running)
		require.NoError(s, err)
		time.Sleep(time.Hour)
		require.Equal(s, Queued, task.Record().State)
		s.Resume()
		s.Resume()
		_, err = s.wait(task)
		require.NoError(s, err)
		require.False(s, s.health().Paused)
	})
}

// The moment between taking a ticket and recording that the task runs is the one that matters.
func TestPauseIsStrict(t *testing.T) {
	store := &faulty{Store: NewMemory()}
	play(t, Options{Store: store}, func(s *scene) {
		var paused atomic.Bool
		store.update = func(r Record) error {
			if r.State != Running {
				return nil
			}
			time.Sleep(time.Second)
			if paused.Load() {
				return errors.New("it began after Pause had returned")
			}
			return nil
		}
		task := s.submit(chore("copy"), lasting(time.Minute))
		synctest.Wait()
		s.Pause()
		paused.Store(true)
		require.Equal(s, Running, task.Record().State, "Pause waited for what was about to begin")
		_, err := s.wait(task)
		require.NoError(s, err)
	})
}

// What waits when Pause returns goes on waiting, at whatever point of its work the runner is interrupted.
func TestPausesAtAnyMoment(t *testing.T) {
	play(t, Options{Slots: 4}, func(s *scene) {
		for range 200 {
			s.submit(chore("copy"), succeed)
			s.Pause()
			var waiting []*Task
			for _, task := range s.live() {
				if task.Record().State == Queued {
					waiting = append(waiting, task)
				}
			}
			synctest.Wait()
			for _, task := range waiting {
				require.Equal(s, Queued, task.Record().State)
			}
			s.Resume()
		}
		require.NoError(s, s.Drain(s.Context()))
	})
}

// hesitantQueue takes a ticket and, when a pause begins, gives it back.
type hesitantQueue struct {
	Queue
	meanwhile func() // nil: it does not hesitate
}

func (q *hesitantQueue) Pull(ctx context.Context) (Lease, error) {
	l, err := q.Queue.Pull(ctx)
	if err != nil || q.meanwhile == nil {
		return l, err
	}
	<-ctx.Done()
	q.meanwhile()
	q.meanwhile = nil
	return nil, errors.Join(ctx.Err(), l.Return(context.WithoutCancel(ctx), time.Time{}))
}

func TestCancelWhileTheTicketIsGivenBack(t *testing.T) {
	queue := &hesitantQueue{Queue: NewQueue(Limits{})}
	play(t, Options{Queue: queue}, func(s *scene) {
		s.Pause()
		synctest.Wait()
		task := s.submit(chore("copy"), succeed)
		queue.meanwhile = func() { task.Cancel("bob", "") }
		s.Resume()
		synctest.Wait()
		s.Pause()
		rec, _ := s.wait(task)
		require.Equal(s, Cancelled, rec.State)
	})
}
