package diskstore

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/task"
	"github.com/heirloom-backup/heirloom/task/diskstore/internal/history"
	"github.com/heirloom-backup/heirloom/task/progress"
)

// benchStore opens a store in a folder, until the benchmark ends.
func benchStore(b *testing.B, dir string, o Options) *Store {
	b.Helper()
	s, err := Open(dir, o)
	require.NoError(b, err)
	b.Cleanup(func() { require.NoError(b, s.Close()) })
	return s
}

func benchRunner(b *testing.B, o task.Options) *task.Runner {
	b.Helper()
	o.Store = benchStore(b, b.TempDir(), Options{})
	r, err := task.NewRunner(b.Context(), o)
	require.NoError(b, err)
	b.Cleanup(func() { require.NoError(b, r.Close(context.Background())) })
	return r
}

var benchSpec = task.Spec{Type: "backup", User: "root@pam", Source: "vm/100", Target: "store/a"}

func nothing(context.Context, *task.Run) error { return nil }

// BenchmarkEmptyTask is what a task costs that does nothing, from Submit to its end, with so many in flight for each CPU.
// Filing is in it.
func BenchmarkEmptyTask(b *testing.B) {
	for _, inFlight := range []int{1, 32} {
		b.Run(fmt.Sprintf("in-flight=%d", inFlight), func(b *testing.B) {
			r := benchRunner(b, task.Options{Slots: 2 * inFlight})
			b.ReportAllocs()
			b.SetParallelism(inFlight)
			b.RunParallel(func(p *testing.PB) {
				for p.Next() {
					if _, err := r.Do(b.Context(), benchSpec, nothing); err != nil {
						b.Error(err)
					}
				}
			})
		})
	}
}

// BenchmarkSubmitToStart measures from the call of Submit to the first line of the function, in an idle runner.
func BenchmarkSubmitToStart(b *testing.B) {
	r := benchRunner(b, task.Options{})
	var waited time.Duration
	for b.Loop() {
		begin := time.Now()
		_, err := r.Do(b.Context(), benchSpec, func(context.Context, *task.Run) error {
			waited += time.Since(begin)
			return nil
		})
		require.NoError(b, err)
	}
	b.ReportMetric(float64(waited.Nanoseconds())/float64(b.N), "ns/start")
}

// BenchmarkLogLines logs to the file of one task, from one goroutine and from several.
func BenchmarkLogLines(b *testing.B) {
	r := benchRunner(b, task.Options{LogLimit: -1})
	line := func(run *task.Run) {
		run.Log().Info("copied a file", "path", "/srv/www/index.html", "bytes", 12345, "took", time.Millisecond)
	}
	b.Run("one", func(b *testing.B) {
		benchLog(b, r, func(run *task.Run) {
			for b.Loop() {
				line(run)
			}
		})
	})
	b.Run("several", func(b *testing.B) {
		benchLog(b, r, func(run *task.Run) {
			b.RunParallel(func(p *testing.PB) {
				for p.Next() {
					line(run)
				}
			})
		})
	})
}

// benchLog runs a task that logs. How large the log becomes is what one run makes of it.
func benchLog(b *testing.B, r *task.Runner, f func(*task.Run)) {
	rec, err := r.Do(b.Context(), benchSpec, func(_ context.Context, run *task.Run) error {
		run.Stage("copy", progress.Total{})
		f(run)
		return nil
	})
	require.NoError(b, err)
	b.SetBytes(rec.LogSize / int64(b.N))
}

// benchRecords is how many records the history of BenchmarkList has: HEIRLOOM_BENCH_RECORDS, or 20,000.
func benchRecords(b *testing.B) int {
	text := os.Getenv("HEIRLOOM_BENCH_RECORDS")
	if text == "" {
		return 20_000
	}
	n, err := strconv.Atoi(text)
	require.NoError(b, err)
	return n
}

// benchRecord returns a record as a task of some minutes ago has left it.
func benchRecord(n int, at time.Time) task.Record {
	spec := task.Spec{Type: []string{"backup", "verify", "sync"}[n%3], User: fmt.Sprintf("user-%d@pam", n%50), Source: fmt.Sprintf("vm/%d", n%500)}
	u := task.UPID{Node: "atlas", PID: 4711, TaskID: uint64(n), Start: uint32(at.Unix()), Type: spec.Type, ID: spec.Source, Auth: spec.User}
	r := task.Record{UPID: u, Spec: spec, State: task.OK, Attempt: 1, Created: at, Started: at, Ended: at.Add(time.Minute)}
	r.Progress = progress.Snapshot{Taken: r.Ended, Stages: []progress.Status{{Name: "copy", Started: at, Ended: r.Ended}}}
	return r
}

// fillHistory files so many records, one for each minute up to now.
func fillHistory(b *testing.B, dir string, records int) {
	l := layout(dir)
	require.NoError(b, l.prepare(false))
	db, err := history.Open(l.history(), history.Options{})
	require.NoError(b, err)
	begin := time.Now().UTC().Truncate(time.Second).Add(-time.Duration(records) * time.Minute)
	for n := 0; n < records; n += 10_000 {
		var some []task.Record
		for i := n; i < min(n+10_000, records); i++ {
			some = append(some, benchRecord(i, begin.Add(time.Duration(i)*time.Minute)))
		}
		require.NoError(b, db.Add(b.Context(), some))
	}
	require.NoError(b, db.Close())
}

// BenchmarkList reads pages of a store with a long history and 1,000 tasks that are queued.
func BenchmarkList(b *testing.B) {
	dir := b.TempDir()
	fillHistory(b, dir, benchRecords(b))
	owner := benchStore(b, dir, Options{})
	for n := range 1000 {
		r := benchRecord(1<<30+n, time.Now().UTC().Truncate(time.Second))
		r.State, r.Attempt, r.Started, r.Ended, r.Progress = task.Queued, 0, time.Time{}, time.Time{}, progress.Snapshot{}
		_, err := owner.Create(b.Context(), r)
		require.NoError(b, err)
	}
	b.Run("open and first page", func(b *testing.B) { benchOpenAndList(b, dir) })
	for name, s := range map[string]*Store{"owner": owner, "other": benchStore(b, dir, Options{ReadOnly: true})} {
		for filter, q := range map[string]task.Query{
			"first page": {}, "failed": {States: []task.State{task.Failed}}, "user": {Users: []string{"user-7@pam"}},
			"queued": {States: []task.State{task.Queued}}, "text nowhere": {Text: "nowhere", States: []task.State{task.Queued}},
		} {
			b.Run(name+"/"+filter, func(b *testing.B) {
				for b.Loop() {
					_, err := s.List(b.Context(), q)
					require.NoError(b, err)
				}
			})
		}
	}
}

func benchOpenAndList(b *testing.B, dir string) {
	var opening time.Duration
	for b.Loop() {
		begin := time.Now()
		s, err := Open(dir, Options{ReadOnly: true})
		require.NoError(b, err)
		opening += time.Since(begin)
		page, err := s.List(b.Context(), task.Query{})
		require.NoError(b, err)
		require.Len(b, page.Records, task.DefaultLimit)
		require.NoError(b, s.Close())
	}
	b.ReportMetric(float64(opening.Microseconds())/float64(b.N), "µs/open")
}
