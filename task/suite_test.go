package task_test

import (
	"testing"

	"github.com/heirloom-backup/heirloom/task"
	"github.com/heirloom-backup/heirloom/task/tasktest"
)

func TestMemoryKeepsEveryRule(t *testing.T) {
	tasktest.RunStore(t, tasktest.StoreHarness{Place: func(testing.TB) func() (task.Store, error) {
		s := task.NewMemory()
		return func() (task.Store, error) { return s, nil }
	}})
}

func TestQueueInMemoryKeepsEveryRule(t *testing.T) {
	tasktest.RunQueue(t, tasktest.QueueHarness{Fake: true, Place: func(_ testing.TB, l task.Limits) func() (task.Queue, error) {
		q := task.NewQueue(l)
		return func() (task.Queue, error) { return q, nil }
	}})
}
