package tasktest_test

import (
	"testing"

	"github.com/heirloom-backup/heirloom/task"
	"github.com/heirloom-backup/heirloom/task/diskstore"
	"github.com/heirloom-backup/heirloom/task/tasktest"
)

// The test of a store that several processes may use.
func ExampleRunStore() {
	_ = func(t *testing.T) { // TestStore, say
		tasktest.RunStore(t, tasktest.StoreHarness{
			Place: func(t testing.TB) func() (task.Store, error) {
				dir := t.TempDir()
				return func() (task.Store, error) { return diskstore.Open(dir, diskstore.Options{}) }
			},
		})
	}
}

// The test of a queue in memory.
func ExampleRunQueue() {
	_ = func(t *testing.T) { // TestQueue, say
		tasktest.RunQueue(t, tasktest.QueueHarness{
			Fake: true, // no test sleeps
			Place: func(_ testing.TB, limits task.Limits) func() (task.Queue, error) {
				q := task.NewQueue(limits)
				return func() (task.Queue, error) { return q, nil }
			},
		})
	}
}
