package task

import (
	"context"
	"fmt"
	"iter"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// benchRunner makes a runner that is closed when the benchmark ends.
func benchRunner(b *testing.B, o Options) *Runner {
	b.Helper()
	r, err := NewRunner(b.Context(), o)
	require.NoError(b, err)
	b.Cleanup(func() { require.NoError(b, r.Close(context.Background())) })
	return r
}

// BenchmarkSubmitToStart measures from the call of Submit to the first line of the function, in an idle runner.
func BenchmarkSubmitToStart(b *testing.B) {
	r := benchRunner(b, Options{})
	var waited time.Duration
	for b.Loop() {
		begin := time.Now()
		_, err := r.Do(b.Context(), chore("copy"), func(context.Context, *Run) error {
			waited += time.Since(begin)
			return nil
		})
		require.NoError(b, err)
	}
	b.ReportMetric(float64(waited.Nanoseconds())/float64(b.N), "ns/start")
}

// BenchmarkEmptyTask is what a task costs that does nothing, from Submit to its end, with so many in flight.
func BenchmarkEmptyTask(b *testing.B) {
	for _, inFlight := range []int{1, 64} {
		b.Run(fmt.Sprintf("in-flight=%d", inFlight), func(b *testing.B) {
			r := benchRunner(b, Options{})
			b.ReportAllocs()
			b.SetParallelism(inFlight)
			b.RunParallel(func(p *testing.PB) {
				for p.Next() {
					if _, err := r.Do(b.Context(), chore("copy"), succeed); err != nil {
						b.Error(err)
					}
				}
			})
		})
	}
}

// BenchmarkProgress counts while others look.
func BenchmarkProgress(b *testing.B) {
	for _, observers := range []int{0, 1, 1000} {
		b.Run(fmt.Sprintf("observers=%d", observers), func(b *testing.B) {
			r := benchRunner(b, Options{})
			ctx, stop := context.WithCancel(b.Context())
			var watching sync.WaitGroup
			_, err := r.Do(b.Context(), chore("copy"), func(_ context.Context, run *Run) error {
				stage := run.Stage("write", progressTotal(1<<40))
				for range observers {
					watching.Go(func() { follow(r.Watch(ctx, Watching{})) })
				}
				for b.Loop() {
					stage.AddBytes(1)
				}
				return nil
			})
			require.NoError(b, err)
			stop()
			watching.Wait()
		})
	}
}

// follow takes note of nothing.
func follow(events iter.Seq2[Event, error]) {
	for range events {
	}
}

// BenchmarkChange is a change of state that so many observers learn of: what the runner pays, and what all pay together.
func BenchmarkChange(b *testing.B) {
	for _, observers := range []int{0, 1, 1000} {
		b.Run(fmt.Sprintf("observers=%d", observers), func(b *testing.B) {
			r := benchRunner(b, Options{})
			ctx, stop := context.WithCancel(b.Context())
			var watching sync.WaitGroup
			for range observers {
				watching.Go(func() { follow(r.Watch(ctx, Watching{})) })
			}
			for b.Loop() {
				_, err := r.Do(b.Context(), chore("copy"), succeed)
				require.NoError(b, err)
			}
			stop()
			watching.Wait()
		})
	}
}

// BenchmarkQueue pushes, pulls and finishes a ticket that goes ahead of so many others; held ones wait for a key that is
// taken.
func BenchmarkQueue(b *testing.B) {
	for _, waiting := range []int{0, 1_000, 100_000} {
		for name, key := range map[string]string{"free": "", "held": "disk"} {
			b.Run(fmt.Sprintf("%s/waiting=%d", name, waiting), func(b *testing.B) {
				benchQueue(b, waiting, key)
			})
		}
	}
}

func benchQueue(b *testing.B, waiting int, key string) {
	q, ctx := NewQueue(Limits{Types: map[string]int{"copy": 4}}), b.Context()
	push := func(n uint64, t Ticket) {
		t.UPID = UPID{Node: "a", TaskID: n, Type: "copy", Auth: "ada"}
		require.NoError(b, q.Push(ctx, t))
	}
	if key != "" {
		push(1, Ticket{Key: key})
		_, err := q.Pull(ctx)
		require.NoError(b, err)
	}
	for n := range waiting {
		push(uint64(n)+2, Ticket{Key: key})
	}
	n := uint64(waiting) + 2
	for b.Loop() {
		n++
		push(n, Ticket{Priority: 1})
		l, err := q.Pull(ctx)
		if err != nil || l.Ticket().UPID.TaskID != n {
			b.Fatal(l, err)
		}
		_ = l.Done(ctx)
	}
}

// BenchmarkUPID writes, reads and places a name.
func BenchmarkUPID(b *testing.B) {
	u, err := ThisProcess().NewUPID(time.Now(), "backup", "store:vm/100", "root@pam")
	require.NoError(b, err)
	text := u.String()
	b.Run("String", func(b *testing.B) {
		for b.Loop() {
			_ = u.String()
		}
	})
	b.Run("Parse", func(b *testing.B) {
		for b.Loop() {
			_, _ = ParseUPID(text)
		}
	})
	b.Run("Position", func(b *testing.B) {
		for b.Loop() {
			_ = u.Position()
		}
	})
}
