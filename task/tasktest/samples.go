package tasktest

import (
	"errors"
	"fmt"
	"time"

	"github.com/heirloom-backup/heirloom/task"
	"github.com/heirloom-backup/heirloom/task/progress"
	"github.com/heirloom-backup/heirloom/task/remedy"
)

// newYear is when the samples begin.
var newYear = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

// sample is the record of the n-th task, which was made n seconds into the year and waits.
func sample(n int) task.Record { return sampleAt(n, newYear.Add(time.Duration(n)*time.Second)) }

func sampleAt(n int, at time.Time) task.Record {
	spec := task.Spec{Type: "backup", User: "ada@pam", Source: fmt.Sprintf("vm/%d", n), Target: "store/1", Key: "vm",
		Priority: n % 3, Deadline: time.Hour, Payload: []byte(`{"full":true}`)}
	return recordOf(n, at, spec)
}

func recordOf(n int, at time.Time, spec task.Spec) task.Record {
	return task.Record{
		UPID: task.UPID{Node: "atlas", PID: 4711, ProcessStart: 99, TaskID: uint64(n), Start: uint32(at.Unix()),
			Type: spec.Type, ID: spec.Source, Auth: spec.User},
		Spec: spec, State: task.Queued, Created: at,
	}
}

// begun is the record of a task that left the queue after a second.
func begun(r task.Record) task.Record {
	r.State, r.Started, r.NotBefore, r.Failure = task.Running, r.Created.Add(time.Second), time.Time{}, nil
	r.Attempt++
	return r
}

// again is the record of a task that is to be tried once more, in a minute.
func again(r task.Record) task.Record {
	r.State, r.NotBefore, r.Failure = task.Queued, r.Started.Add(time.Minute), failure("it may pass")
	return r
}

// over is the record of a task that has ended.
func over(r task.Record, s task.State) task.Record {
	r.State, r.Ended, r.NotBefore = s, r.Created.Add(time.Minute), time.Time{}
	r.Progress = snapshot(r.Ended, int64(r.UPID.TaskID))
	switch s {
	case task.Warning:
		r.Warnings = task.Warnings{Count: 2, Listed: []task.Note{{Path: "/etc/shadow", Reason: "denied"}}}
	case task.Failed, task.Cancelled:
		r.Failure = failure("no space left on device")
	}
	return r
}

func failure(message string) *remedy.Failure {
	f := remedy.System().Explain(remedy.New(remedy.CodeDiskFull, remedy.User, "Make room.", errors.New(message)))
	return &f
}

// snapshot is a progress of so many items, in one stage.
func snapshot(at time.Time, items int64) progress.Snapshot {
	return progress.Snapshot{Taken: at, Stages: []progress.Status{{Name: "copy", Started: at.Add(-time.Second),
		Done: progress.Count{Items: items, Bytes: items << 20, Transferred: items << 10}}}}
}
