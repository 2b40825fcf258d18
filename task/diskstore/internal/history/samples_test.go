package history

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/task"
	"github.com/heirloom-backup/heirloom/task/progress"
	"github.com/heirloom-backup/heirloom/task/remedy"
)

// firstDay is when the samples begin.
var firstDay = time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)

// sampler makes records as a year of a busy site leaves them: few users and subjects have most of the tasks. User-0 and
// the type gc are both frequent and never meet.
type sampler struct {
	random   *rand.Rand
	users    *rand.Zipf
	subjects *rand.Zipf
	step     time.Duration
	made     uint64
}

func newSampler(records int) *sampler {
	random := rand.New(rand.NewPCG(6, 6))
	return &sampler{
		random:   random,
		users:    rand.NewZipf(random, 1.1, 1, 199),
		subjects: rand.NewZipf(random, 1.1, 1, 4999),
		step:     365 * 24 * time.Hour / time.Duration(records),
	}
}

var sampleTypes = []string{"backup", "restore", "verify", "prune", "gc", "sync", "tape", "update"}

func (s *sampler) next() task.Record {
	at := firstDay.Add(time.Duration(s.made) * s.step)
	s.made++
	user := fmt.Sprintf("user-%d@pam", s.users.Uint64())
	kind := sampleTypes[s.random.IntN(len(sampleTypes))]
	if kind == "gc" && user == "user-0@pam" {
		kind = "backup"
	}
	r := sample(s.made, at, kind, user, sampleStates[s.random.IntN(len(sampleStates))])
	r.Source = fmt.Sprintf("vm/%d", 100+s.subjects.Uint64())
	r.UPID.ID = r.Source
	if s.random.IntN(4) == 0 {
		r.Target = fmt.Sprintf("store/%d", s.subjects.Uint64())
	}
	return r
}

// sampleStates has each state as often as it occurs.
var sampleStates = []task.State{
	task.OK, task.OK, task.OK, task.OK, task.OK, task.OK, task.OK, task.Warning, task.Failed, task.Cancelled,
}

// sample returns a record of a task that took a minute.
func sample(number uint64, at time.Time, kind, user string, state task.State) task.Record {
	at = at.UTC()
	r := task.Record{
		UPID: task.UPID{
			Node: "atlas", PID: 4711, ProcessStart: 99, TaskID: number, Start: uint32(at.Unix()), Type: kind, Auth: user,
		},
		Spec:    task.Spec{Type: kind, User: user},
		State:   state,
		Attempt: 1,
		Created: at,
		Started: at,
		Ended:   at.Add(time.Minute),
		Progress: progress.Snapshot{Taken: at.Add(time.Minute), Stages: []progress.Status{
			{Name: "scan", Started: at, Ended: at.Add(time.Second), Done: progress.Count{Items: 10}},
			{Name: "copy", Started: at.Add(time.Second), Ended: at.Add(time.Minute),
				Done: progress.Count{Items: 10, Bytes: int64(number) << 10, Transferred: 1 << 10}},
		}},
	}
	switch state {
	case task.Failed:
		r.Failure = &remedy.Failure{Code: "disk-full", Class: remedy.User, Message: "write chunk: no space left on device"}
	case task.Warning:
		r.Warnings = task.Warnings{Count: 1, Listed: []task.Note{{Path: "/etc/shadow", Reason: "permission denied"}}}
	}
	return r
}

// samples returns n records, the oldest first.
func samples(n int) []task.Record {
	s := newSampler(n)
	records := make([]task.Record, n)
	for i := range records {
		records[i] = s.next()
	}
	return records
}

// open opens a database that is closed when the test ends.
func open(t testing.TB, dir string, o Options) *DB {
	t.Helper()
	db, err := Open(dir, o)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	return db
}

// add opens a database, adds records, and closes it.
func add(t testing.TB, dir string, records ...task.Record) {
	t.Helper()
	db, err := Open(dir, Options{})
	require.NoError(t, err)
	require.NoError(t, db.Add(t.Context(), records))
	require.NoError(t, db.Close())
}

// list returns all that a query selects.
func list(t testing.TB, db *DB, q task.Query) []task.Record {
	t.Helper()
	var records []task.Record
	for r, err := range db.List(t.Context(), q) {
		require.NoError(t, err)
		records = append(records, r)
	}
	return records
}
