package task

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

func TestPriorities(t *testing.T) {
	play(t, Options{Slots: 1}, func(s *scene) {
		s.Pause()
		var order []int
		for i, priority := range []int{0, -1, 5, 0, 5} {
			spec := chore("copy")
			spec.Priority = priority
			s.submit(spec, func(context.Context, *Run) error {
				order = append(order, i)
				return nil
			})
		}
		s.Resume()
		require.NoError(s, s.Drain(s.Context()))
		require.Equal(s, []int{2, 4, 0, 3, 1}, order)
	})
}

// slowQueue takes its time to add a ticket.
type slowQueue struct {
	Queue
	before func()
}

func (q slowQueue) Push(ctx context.Context, t Ticket) error {
	q.before()
	return q.Queue.Push(ctx, t)
}

// A wish that comes before the ticket is in the queue is not left for the day on which the ticket is pulled.
func TestCancelBeforeTheTicketIsInTheQueue(t *testing.T) {
	queue := &slowQueue{Queue: NewQueue(Limits{})}
	play(t, Options{Queue: queue}, func(s *scene) {
		s.Pause()
		queue.before = func() {
			require.NoError(s, s.Runner.Cancel(s.Context(), s.live()[0].UPID(), "bob", ""))
		}
		rec, _ := s.wait(s.submit(chore("copy"), succeed))
		require.Equal(s, Cancelled, rec.State)
	})
}

func TestDrainAndCloseWaitForWhatIsOnItsWay(t *testing.T) {
	for name, end := range map[string]func(*scene) error{
		"drain": func(s *scene) error { return s.Drain(s.Context()) },
		"close": func(s *scene) error { return s.Close(s.Context()) },
	} {
		t.Run(name, func(t *testing.T) {
			queue := &slowQueue{Queue: NewQueue(Limits{}), before: func() { time.Sleep(time.Minute) }}
			play(t, Options{Queue: queue, Store: slowStore{NewMemory(), time.Minute}}, func(s *scene) {
				submitted := make(chan *Task, 1)
				go func() {
					task, _ := s.Submit(s.Context(), chore("copy"), lasting(time.Minute))
					submitted <- task
				}()
				synctest.Wait()
				require.NoError(s, end(s))
				task := <-submitted
				require.NotNil(s, task)
				require.True(s, task.Record().State.Final())
			})
		})
	}
}

// slowStore takes its time to make a task.
type slowStore struct {
	Store
	takes time.Duration
}

func (s slowStore) Create(ctx context.Context, r Record) (Claim, error) {
	time.Sleep(s.takes)
	return s.Store.Create(ctx, r)
}

// brokenQueue fails for a while when it is asked for a ticket.
type brokenQueue struct {
	Queue
	failures int
}

func (q *brokenQueue) Pull(ctx context.Context) (Lease, error) {
	if q.failures--; q.failures >= 0 {
		return nil, errBroken
	}
	return q.Queue.Pull(ctx)
}

func TestQueueThatFailsForAWhile(t *testing.T) {
	play(t, Options{Queue: &brokenQueue{NewQueue(Limits{}), 3}}, func(s *scene) {
		begin := time.Now()
		task := s.submit(chore("copy"), succeed)
		synctest.Wait()
		require.ErrorIs(s, s.health().Trouble, errBroken)
		_, err := s.wait(task)
		require.NoError(s, err)
		require.Equal(s, 3*time.Second, time.Since(begin))
		require.NoError(s, s.health().Trouble)
	})
}
