package task

import (
	"context"
	"runtime"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/task/progress"
	"github.com/heirloom-backup/heirloom/task/remedy"
)

// counting adds a byte a second, for a minute.
func counting(_ context.Context, run *Run) error {
	stage := run.Stage("write", progress.Total{})
	for range 60 {
		time.Sleep(time.Second)
		stage.AddBytes(1)
	}
	return nil
}

// A function that is followed and never answers is the task's misfortune, and nobody else's: others are published, and it
// ends as one does that ignores that it is to stop.
func TestFollowedFunctionThatNeverAnswers(t *testing.T) {
	for name, do := range map[string]func(gate <-chan struct{}) Func{
		"the task obeys":      func(<-chan struct{}) Func { return obey },
		"the task has ended":  func(<-chan struct{}) Func { return succeed },
		"the task ignores it": until,
	} {
		t.Run(name, func(t *testing.T) {
			play(t, Options{Slots: 2, Grace: 10 * time.Second}, func(s *scene) {
				gate, spec := make(chan struct{}), chore("stuck")
				spec.Key = "disk-1"
				stuck := s.submit(spec, func(ctx context.Context, run *Run) error {
					run.Stage("count", progress.Total{}).Follow(func() progress.Count {
						<-gate
						return progress.Count{}
					})
					return do(gate)(ctx, run)
				})
				other := s.submit(chore("copy"), counting)
				time.Sleep(30500 * time.Millisecond)
				published, err := s.store.Get(s.Context(), other.UPID())
				require.NoError(s, err)
				require.InDelta(s, 30, published.Progress.Work().Bytes, 1)
				require.Equal(s, Running, stuck.Record().State)

				begin := time.Now()
				stuck.Cancel("bob", "")
				rec, _ := s.wait(stuck)
				require.Equal(s, 10*time.Second, time.Since(begin))
				require.Equal(s, remedy.CodeIgnoredCancel, rec.Failure.Code)
				require.Equal(s, []UPID{stuck.UPID()}, s.health().Abandoned)

				s.requireSlotFreeAndKeyHeld(spec, gate)
				require.NoError(s, s.Drain(s.Context()))
			})
		})
	}
}

// One that takes its time has it: what others see comes late, and nothing is missing at the end.
func TestFollowedFunctionThatIsSlow(t *testing.T) {
	play(t, Options{}, func(s *scene) {
		task := s.submit(chore("copy"), func(_ context.Context, run *Run) error {
			var items atomic.Int64
			run.Stage("count", progress.Total{}).Follow(func() progress.Count {
				time.Sleep(700 * time.Millisecond)
				return progress.Count{Items: items.Load()}
			})
			for range 20 {
				time.Sleep(time.Second)
				items.Add(1)
			}
			return nil
		})
		time.Sleep(10500 * time.Millisecond)
		begin := time.Now()
		require.InDelta(s, 10, task.Record().Progress.Work().Items, 2)
		require.LessOrEqual(s, time.Since(begin), tooFresh)
		rec, err := s.wait(task)
		require.NoError(s, err)
		require.EqualValues(s, 20, rec.Progress.Work().Items)
		require.NotZero(s, rec.Progress.Stages[0].Ended)
	})
}

// What an abandoned task has done so far is in its record.
func TestProgressOfAnAbandonedTask(t *testing.T) {
	play(t, Options{Grace: 10 * time.Second}, func(s *scene) {
		task := s.submit(chore("copy"), counting)
		synctest.Wait()
		task.Cancel("bob", "")
		rec, _ := s.wait(task)
		require.Equal(s, remedy.CodeIgnoredCancel, rec.Failure.Code)
		require.InDelta(s, 10, rec.Progress.Work().Bytes, 1)
		require.NotZero(s, rec.Progress.Stages[0].Ended)
		time.Sleep(time.Minute) // it ends, too
	})
}

// A function that is followed may end its goroutine, as testing.T.FailNow does: it is not asked again, and the task goes on.
func TestFollowedFunctionThatEndsItsGoroutine(t *testing.T) {
	for name, lasts := range map[string]time.Duration{"while it works": time.Second, "when it has ended": 0} {
		t.Run(name, func(t *testing.T) {
			play(t, Options{}, func(s *scene) {
				asked := 0
				task := s.submit(chore("copy"), func(_ context.Context, run *Run) error {
					stage := run.Stage("a", progress.Total{})
					stage.Follow(func() progress.Count { asked++; runtime.Goexit(); return progress.Count{} })
					time.Sleep(lasts)
					stage.AddBytes(5)
					return nil
				})
				time.Sleep(time.Millisecond)
				_ = task.Record()
				rec, err := s.wait(task)
				require.NoError(s, err)
				require.Equal(s, OK, rec.State)
				require.EqualValues(s, 5, rec.Progress.Work().Bytes)
				require.Equal(s, 1, asked)
			})
		})
	}
}
