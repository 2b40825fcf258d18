package main

import (
	"encoding/json"

	"github.com/heirloom-backup/heirloom/task"
	"github.com/heirloom-backup/heirloom/task/progress"
	"github.com/heirloom-backup/heirloom/task/remedy"
)

// tasksJSON is what scripts learn of a page of tasks.
type tasksJSON struct {
	Tasks      []taskJSON `json:"tasks"`
	Next       *string    `json:"next"` // for --after; null on the last page
	Unreadable []string   `json:"unreadable"`
}

// taskJSON is what scripts learn of a task.
type taskJSON struct {
	UPID     string          `json:"upid"`
	Type     string          `json:"type"`
	User     string          `json:"user"`
	Source   string          `json:"source"`
	Target   string          `json:"target"`
	State    task.State      `json:"status"`
	Attempt  int             `json:"attempt"`
	Died     int             `json:"interrupted"` // how often in a row its process did
	Key      string          `json:"key"`
	Priority int             `json:"priority"`
	Limit    *float64        `json:"deadline_seconds"` // null if an attempt may take any time
	Requeue  bool            `json:"requeue"`
	Payload  json.RawMessage `json:"payload"` // null if there is none
	Created  stamp           `json:"created"`
	Started  stamp           `json:"started"`
	Ended    stamp           `json:"ended"`
	Seconds  *float64        `json:"seconds"` // null if it was not begun
	Items    int64           `json:"items"`
	Bytes    int64           `json:"bytes"`
	Moved    int64           `json:"bytes_transferred"`
	Stages   []stageJSON     `json:"stages"`
	Error    *errorJSON      `json:"error"`
	Count    int64           `json:"warning_count"`
	Warnings []warningJSON   `json:"warnings"` // the first of them
	LogBytes int64           `json:"bytes_log"`
}

type errorJSON struct {
	Code    remedy.Code  `json:"code"`
	Class   remedy.Class `json:"class"`
	Message string       `json:"message"`
	Tip     string       `json:"tip"`
}

type stageJSON struct {
	Name    string   `json:"name"`
	Seconds float64  `json:"seconds"`
	Items   int64    `json:"items"`
	Bytes   int64    `json:"bytes"`
	Moved   int64    `json:"bytes_transferred"`
	Total   *int64   `json:"bytes_total"`      // null if it is not known
	Rate    float64  `json:"bytes_per_second"` // over the last seconds; of one that has ended its average
	Left    *float64 `json:"seconds_left"`     // null if it is not known
}

func (p *program) newTasksJSON(page task.Page) tasksJSON {
	j := tasksJSON{Tasks: []taskJSON{}, Unreadable: []string{}}
	for _, r := range page.Records {
		j.Tasks = append(j.Tasks, p.newTaskJSON(&r))
	}
	for _, err := range page.Unreadable {
		j.Unreadable = append(j.Unreadable, escape(err.Error()))
	}
	if page.Next != "" {
		j.Next = new(string(page.Next))
	}
	return j
}

func (p *program) newTaskJSON(r *task.Record) taskJSON {
	work := r.Progress.Work()
	j := taskJSON{UPID: r.UPID.String(), Type: r.UPID.Type, User: r.UPID.Auth, Source: r.Source, Target: r.Target,
		State: r.State, Attempt: r.Attempt, Died: r.Interrupted, Key: r.Key, Priority: r.Priority, Requeue: r.Requeue, Created: stamp(r.Created), Started: stamp(r.Started), Ended: stamp(r.Ended),
		Items: work.Items, Bytes: work.Bytes, Moved: work.Transferred, Stages: []stageJSON{},
		Count: r.Warnings.Count, Warnings: []warningJSON{}, LogBytes: r.LogSize}
	if len(r.Payload) > 0 {
		j.Payload = r.Payload
	}
	if r.Deadline > 0 {
		j.Limit = new(r.Deadline.Seconds())
	}
	if !r.Started.IsZero() {
		j.Seconds = new(r.Duration(p.Now()).Seconds())
	}
	if f := r.Failure; f != nil {
		j.Error = &errorJSON{f.Code, f.Class, f.Message, f.Tip}
	}
	for _, n := range r.Warnings.Listed {
		j.Warnings = append(j.Warnings, warningJSON{n.Path, n.Reason})
	}
	for _, s := range r.Progress.Stages {
		j.Stages = append(j.Stages, newStageJSON(s, r.Progress))
	}
	return j
}

func newStageJSON(s progress.Status, of progress.Snapshot) stageJSON {
	j := stageJSON{Name: s.Name, Seconds: s.Duration(of.Taken).Seconds(), Items: s.Done.Items, Bytes: s.Done.Bytes,
		Moved: s.Done.Transferred, Rate: s.Rate.Bytes}
	if s.Total.Bytes > 0 {
		j.Total = new(s.Total.Bytes)
	}
	if s.Left >= 0 {
		j.Left = new(s.Left.Seconds())
	}
	return j
}
