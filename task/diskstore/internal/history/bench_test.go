package history

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/task"
)

// benchRecords is how large the store of the benchmarks is: HEIRLOOM_BENCH_RECORDS, or 20,000.
func benchRecords(b *testing.B) int {
	text := os.Getenv("HEIRLOOM_BENCH_RECORDS")
	if text == "" {
		return 20_000
	}
	n, err := strconv.Atoi(text)
	require.NoError(b, err)
	return n
}

// benchStore returns a folder with that many records. HEIRLOOM_BENCH_STORE names one that is kept from run to run.
func benchStore(b *testing.B) (dir string, records int) {
	b.Helper()
	records = benchRecords(b)
	dir = os.Getenv("HEIRLOOM_BENCH_STORE")
	if dir == "" {
		dir = b.TempDir()
	}
	if _, err := os.Stat(filepath.Join(dir, "MANIFEST")); err == nil {
		return dir, records
	}
	db, err := Open(dir, Options{})
	require.NoError(b, err)
	s := newSampler(records)
	batch := make([]task.Record, 0, 10_000)
	for range records {
		if batch = append(batch, s.next()); len(batch) == cap(batch) {
			require.NoError(b, db.Add(b.Context(), batch))
			batch = batch[:0]
		}
	}
	require.NoError(b, db.Add(b.Context(), batch))
	require.NoError(b, db.Close())
	return dir, records
}

// BenchmarkPage reads a page of 50 of each combination of filters, from a place in the middle of the year.
func BenchmarkPage(b *testing.B) {
	dir, _ := benchStore(b)
	db := open(b, dir, Options{ReadOnly: true})
	middle := firstDay.AddDate(0, 6, 0)
	for mask := range 1 << 5 {
		name, q := "all", task.Query{}
		use := func(bit int, label string, set func()) {
			if mask&(1<<bit) != 0 {
				name += "+" + label
				set()
			}
		}
		use(0, "type", func() { q.Types = []string{"verify"} })
		use(1, "state", func() { q.States = []task.State{task.Failed} })
		use(2, "time", func() { q.Since, q.Until = middle.AddDate(0, -3, 0), middle })
		use(3, "user", func() { q.Users = []string{"user-3@pam"} })
		use(4, "subject", func() { q.Subjects = []string{"vm/107"} })
		b.Run(name, func(b *testing.B) { benchPage(b, db, q) })
	}
	for _, c := range []struct {
		name string
		q    task.Query
	}{
		{"never meet", task.Query{Types: []string{"gc"}, Users: []string{"user-0@pam"}}},
		{"never meet, failed", task.Query{Types: []string{"gc"}, Users: []string{"user-0@pam"}, States: []task.State{task.Failed}}},
		{"rare subject", task.Query{Subjects: []string{"vm/5000"}}},
		{"lists, 36 runs", task.Query{Types: sampleTypes[:3], Users: []string{"user-1@pam", "user-2@pam", "user-3@pam"}}},
		{"lists, 256 runs", task.Query{Types: sampleTypes, Users: users(8)}},
		{"lists, too many runs", task.Query{Types: sampleTypes, Users: users(40), Subjects: []string{"vm/101", "vm/102"}}},
		{"text, frequent", task.Query{Text: "permission"}},
		{"text, of one user", task.Query{Text: "permission", Users: []string{"user-3@pam"}}},
	} {
		b.Run(c.name, func(b *testing.B) { benchPage(b, db, c.q) })
	}
}

func users(n int) (names []string) {
	for i := range n {
		names = append(names, fmt.Sprintf("user-%d@pam", i))
	}
	return names
}

func benchPage(b *testing.B, db *DB, q task.Query) {
	b.ReportAllocs()
	found := 0
	for b.Loop() {
		found = 0
		for _, err := range db.List(b.Context(), q) {
			if err != nil {
				b.Fatal(err)
			}
			if found++; found == 50 {
				break
			}
		}
	}
	b.ReportMetric(float64(found), "records")
}

// BenchmarkTextScan looks for what is nowhere.
func BenchmarkTextScan(b *testing.B) {
	dir, records := benchStore(b)
	db := open(b, dir, Options{ReadOnly: true})
	for b.Loop() {
		require.Empty(b, list(b, db, task.Query{Text: "nowhere to be found"}))
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*records), "ns/record")
}

// BenchmarkOpen opens and closes.
func BenchmarkOpen(b *testing.B) {
	dir, _ := benchStore(b)
	for _, readOnly := range []bool{true, false} {
		b.Run(fmt.Sprintf("read-only=%t", readOnly), func(b *testing.B) {
			var opened time.Duration
			for b.Loop() {
				start := time.Now()
				db, err := Open(dir, Options{ReadOnly: readOnly})
				require.NoError(b, err)
				opened += time.Since(start)
				require.NoError(b, db.Close())
			}
			b.ReportMetric(float64(opened.Microseconds())/float64(b.N), "µs/open")
		})
	}
}

// BenchmarkAdd adds to a database that stays open.
func BenchmarkAdd(b *testing.B) {
	for _, n := range []int{1, 100, 10_000} {
		b.Run(strconv.Itoa(n), func(b *testing.B) {
			db := open(b, b.TempDir(), Options{})
			s := newSampler(1 << 20)
			for b.Loop() {
				b.StopTimer()
				batch := make([]task.Record, n)
				for i := range batch {
					batch[i] = s.next()
				}
				b.StartTimer()
				require.NoError(b, db.Add(b.Context(), batch))
			}
		})
	}
}

// BenchmarkCycle is what a short-lived process does: open, add one record, close.
func BenchmarkCycle(b *testing.B) {
	b.Run("empty", func(b *testing.B) { benchCycle(b, b.TempDir()) })
	b.Run("full", func(b *testing.B) {
		dir, _ := benchStore(b)
		benchCycle(b, dir)
	})
}

func benchCycle(b *testing.B, dir string) {
	at := time.Now()
	var number uint64
	for b.Loop() {
		number++
		add(b, dir, sample(number, at, "backup", "root@pam", task.OK))
	}
}
