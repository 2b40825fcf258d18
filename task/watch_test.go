package task

import (
	"context"
	"iter"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/task/remedy"
)

// collect returns all that an observer learns, up to the end or an error.
func collect(events iter.Seq2[Event, error]) (all []Event) {
	for e, err := range events {
		if err != nil {
			return all
		}
		all = append(all, e)
	}
	return all
}

// changesOf returns the states that were told as changes.
func changesOf(events []Event) (states []State) {
	for _, e := range events {
		if e.Changed {
			states = append(states, e.Record.State)
		}
	}
	return states
}

// inBackground collects on a goroutine of its own, which has begun to watch when it returns.
func inBackground(events iter.Seq2[Event, error]) <-chan []Event {
	got := make(chan []Event, 1)
	go func() { got <- collect(events) }()
	synctest.Wait()
	return got
}

func TestWatchTellsEachChangeOnce(t *testing.T) {
	play(t, Options{}, func(s *scene) {
		got := inBackground(s.Watch(s.Context(), Watching{}))
		spec := chore("flaky")
		spec.Retry = remedy.Retry{Attempts: 2}
		spec.Payload = []byte(`"secret"`)
		task := s.submit(spec, func(_ context.Context, run *Run) error {
			time.Sleep(time.Minute)
			if run.Attempt() == 1 {
				return remedy.New("flaky", remedy.Transient, "", errBroken)
			}
			return nil
		})
		rec, _ := s.wait(task)
		require.NoError(s, s.Close(s.Context()))
		events := <-got
		require.Equal(s, []State{Queued, Running, Queued, Running, OK}, changesOf(events))
		last := events[len(events)-1].Record
		rec.Payload = nil
		require.Equal(s, rec, last)
		for _, e := range events {
			require.Empty(s, e.Record.Payload, "%v", e.Record.State)
		}
	})
}

func TestWatchBeginsWithWhatThereIs(t *testing.T) {
	play(t, Options{Slots: 1}, func(s *scene) {
		first, second := s.submit(chore("a"), lasting(time.Minute)), s.submit(chore("b"), lasting(time.Minute))
		s.submit(chore("c"), obey).Cancel("bob", "")
		synctest.Wait()
		got := inBackground(s.Watch(s.Context(), Watching{}))
		require.NoError(s, s.Drain(s.Context()))
		require.NoError(s, s.Close(s.Context()))
		states := map[UPID][]State{}
		for _, e := range <-got {
			if e.Changed {
				states[e.Record.UPID] = append(states[e.Record.UPID], e.Record.State)
			}
		}
		require.Equal(s, map[UPID][]State{first.UPID(): {Running, OK}, second.UPID(): {Queued, Running, OK}}, states)
	})
}

func TestWatchOneTask(t *testing.T) {
	play(t, Options{}, func(s *scene) {
		task := s.submit(chore("a"), lasting(time.Minute))
		s.submit(chore("b"), obey)
		synctest.Wait()
		begin := time.Now()
		events := collect(task.Watch(s.Context(), time.Second))
		require.Equal(s, time.Minute, time.Since(begin), "it ends with the task")
		require.Equal(s, []State{Running, OK}, changesOf(events))
		require.InDelta(s, 60, len(events)-2, 2, "progress once a second")

		late := collect(task.Watch(s.Context(), time.Second))
		require.Equal(s, []State{OK}, changesOf(late))
		require.Empty(s, collect(s.Watch(s.Context(), Watching{Task: task.UPID()})), "the runner has forgotten it")
	})
}

func TestWatchEnds(t *testing.T) {
	play(t, Options{}, func(s *scene) {
		ctx, cancel := context.WithCancel(s.Context())
		errs := make(chan error, 1)
		go func() {
			for _, err := range s.Watch(ctx, Watching{}) {
				errs <- err
			}
		}()
		synctest.Wait()
		cancel()
		require.ErrorIs(s, <-errs, context.Canceled)
		closed := inBackground(s.Watch(s.Context(), Watching{}))
		require.NoError(s, s.Close(s.Context()))
		require.Empty(s, <-closed)
		require.Empty(s, collect(s.Watch(s.Context(), Watching{})), "of a runner that is closed there is nothing to tell")
	})
}

func TestWatchCanBeBrokenOff(t *testing.T) {
	play(t, Options{}, func(s *scene) {
		task := s.submit(chore("a"), obey)
		for range s.Watch(s.Context(), Watching{}) { // at the first
			break
		}
		n := 0
		for range task.Watch(s.Context(), time.Second) { // at a progress
			if n++; n == 3 {
				break
			}
		}
		require.Equal(s, 3, n)
	})
}

func TestProgressIsCoalesced(t *testing.T) {
	play(t, Options{}, func(s *scene) {
		task := s.submit(chore("a"), func(_ context.Context, run *Run) error {
			stage := run.Stage("write", progressTotal(0))
			for range 100_000 {
				stage.AddBytes(1)
				time.Sleep(time.Millisecond)
			}
			return nil
		})
		events := collect(task.Watch(s.Context(), 10*time.Second))
		require.LessOrEqual(s, len(events), 13)
		var before int64
		for _, e := range events {
			now := e.Record.Progress.Work().Bytes
			require.GreaterOrEqual(s, now, before)
			before = now
		}
		require.Equal(s, int64(100_000), before)
	})
}

// Progress is of the state that was told last, or an observer who goes by Changed would miss a change.
func TestProgressNeverOvertakesAChange(t *testing.T) {
	play(t, Options{Slots: 2}, func(s *scene) {
		got := inBackground(s.Watch(s.Context(), Watching{Every: time.Millisecond}))
		for range 200 {
			s.submit(chore("a"), lasting(3*time.Millisecond))
		}
		require.NoError(s, s.Drain(s.Context()))
		require.NoError(s, s.Close(s.Context()))
		told := map[UPID]State{}
		for _, e := range <-got {
			if !e.Changed {
				require.Equal(s, told[e.Record.UPID], e.Record.State)
			}
			told[e.Record.UPID] = e.Record.State
		}
		require.Len(s, told, 200)
	})
}

func TestObserverWhoBlocksHoldsUpNobody(t *testing.T) {
	play(t, Options{Slots: 8}, func(s *scene) {
		gate, errs := make(chan struct{}), make(chan error, 1)
		go func() {
			for _, err := range s.Watch(s.Context(), Watching{}) {
				if err != nil {
					errs <- err
				}
				<-gate
			}
		}()
		synctest.Wait()
		const tasks = 10_000
		for range tasks {
			s.submit(chore("a"), succeed)
		}
		require.NoError(s, s.Drain(s.Context()))
		totals, err := s.store.Totals(s.Context(), time.Time{}, time.Time{})
		require.NoError(s, err)
		require.Equal(s, int64(tasks), totals[0].Tasks)
		require.Less(s, len(s.feed.recent), 2*feedSize+1)
		close(gate)
		require.ErrorIs(s, <-errs, ErrSlow)
	})
}

func TestThousandObservers(t *testing.T) {
	play(t, Options{Slots: 4}, func(s *scene) {
		var all sync.WaitGroup
		results := make([][]State, 1000)
		for i := range results {
			all.Go(func() { results[i] = changesOf(collect(s.Watch(s.Context(), Watching{}))) })
		}
		synctest.Wait()
		for range 20 {
			s.submit(chore("a"), lasting(time.Second))
		}
		require.NoError(s, s.Drain(s.Context()))
		require.NoError(s, s.Close(s.Context()))
		all.Wait()
		require.Len(s, results[0], 60)
		for _, r := range results {
			require.Equal(s, results[0], r, "all learn the same in the same order")
		}
	})
}

func TestFeedGivesALittleAtATime(t *testing.T) {
	f := newFeed()
	next := f.join()
	const added = 2*atOnce + 7
	for i := range added {
		f.add(change{version: i})
	}
	var got []int
	for len(got) < added {
		changes, after, wake, over, ok := f.from(next)
		require.True(t, ok)
		require.False(t, over)
		require.LessOrEqual(t, len(changes), atOnce)
		for _, c := range changes {
			got = append(got, c.version)
		}
		require.Equal(t, len(got) < added, wake == f.awake, "who is behind need not wait")
		next = after
	}
	for i, version := range got {
		require.Equal(t, i, version)
	}
	for range 2*feedSize + 1 {
		f.add(change{})
	}
	_, _, _, _, ok := f.from(next)
	require.False(t, ok, "who is too far behind is told")
}

// The end of the one task that is watched is told, however much of others comes before it.
func TestWatchOneOfMany(t *testing.T) {
	play(t, Options{Slots: 8}, func(s *scene) {
		gate := make(chan struct{})
		task := s.submit(chore("one"), until(gate))
		synctest.Wait()
		got := inBackground(task.Watch(s.Context(), time.Hour))
		for range 1000 {
			s.submit(chore("other"), succeed)
		}
		close(gate)
		require.Equal(s, []State{Running, OK}, changesOf(<-got))
	})
}

func TestWatchBeginsWithTheCall(t *testing.T) {
	play(t, Options{}, func(s *scene) {
		events := s.Watch(s.Context(), Watching{UntilIdle: true})
		s.submit(chore("a"), succeed)
		require.NoError(s, s.Drain(s.Context()))
		require.Equal(s, []State{Queued, Running, OK}, changesOf(collect(events)), "though all was over before anybody looked")
	})
}

func TestWatchUntilIdle(t *testing.T) {
	play(t, Options{Slots: 2}, func(s *scene) {
		for range 5 {
			s.submit(chore("a"), lasting(time.Second))
		}
		ended := 0
		for _, state := range changesOf(collect(s.Watch(s.Context(), Watching{UntilIdle: true}))) {
			if state == OK {
				ended++
			}
		}
		require.Equal(s, 5, ended)
		require.Empty(s, collect(s.Watch(s.Context(), Watching{UntilIdle: true})), "nothing is left")
	})
}
