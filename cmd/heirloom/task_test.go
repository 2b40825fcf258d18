package main

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/task"
	"github.com/heirloom-backup/heirloom/task/diskstore"
)

// queuedElsewhere has another program record a task in a folder, and leave it there for later.
func queuedElsewhere(t *testing.T, dir string, s task.Spec, at time.Time) {
	store, err := diskstore.Open(dir, diskstore.Options{})
	require.NoError(t, err)
	r := task.Record{UPID: task.UPID{Node: "other", PID: 7, ProcessStart: 70, TaskID: 1, Start: uint32(at.Unix()), Type: s.Type, Auth: s.User},
		Spec: s, State: task.Queued, Created: at}
	claim, err := store.Create(t.Context(), r)
	require.NoError(t, err)
	require.NoError(t, claim.Release())
	require.NoError(t, store.Close())
}

func TestTermsOfATask(t *testing.T) {
	c := newCLI(t)
	c.env["HEIRLOOM_DATA"] = filepath.Join(c.dir, "data")
	queuedElsewhere(t, c.env["HEIRLOOM_DATA"], task.Spec{Type: "mail", User: "ada", Key: "outbox", Priority: -2, Deadline: 90 * time.Minute,
		Requeue: true, Payload: json.RawMessage(`{"to": "bob"}`)}, c.now)

	shown := strings.Fields(c.must("task", "show", "latest"))
	require.Contains(t, strings.Join(shown, " "),
		"key outbox priority -2 time limit 1h30m0s if it dies it is queued again payload {\"to\":\"bob\"}")
	var got struct {
		Key      string
		Priority int
		Deadline float64 `json:"deadline_seconds"`
		Requeue  bool
		Payload  struct{ To string }
	}
	c.decode(statusOK, &got, "task", "show", "latest")
	require.Equal(t, "outbox", got.Key)
	require.Equal(t, -2, got.Priority)
	require.EqualValues(t, 5400, got.Deadline)
	require.True(t, got.Requeue)
	require.Equal(t, "bob", got.Payload.To)
}

// TestLatestTask has two tasks of one second, of which the UPIDs do not tell which is the later one.
func TestLatestTask(t *testing.T) {
	for _, later := range []string{"backup", "verify"} {
		c := newCLI(t)
		c.env["HEIRLOOM_DATA"] = filepath.Join(c.dir, "data")
		require.Contains(t, c.run("task", "show", "latest").stderr, "no task was ever recorded there")
		for _, kind := range []string{"backup", "verify"} {
			at := c.now
			if kind == later {
				at = at.Add(time.Millisecond)
			}
			queuedElsewhere(t, c.env["HEIRLOOM_DATA"], task.Spec{Type: kind, User: "ada", Requeue: true}, at)
		}
		require.Contains(t, c.must("task", "show", "latest"), later)
		require.Empty(t, c.must("task", "log", "latest"))
		require.Equal(t, statusUsage, status(c.run("task", "cancel", "latest").status), "what is to stop is named in full")
	}
}

func TestCancelAsJSON(t *testing.T) {
	c := newCLI(t)
	c.env["HEIRLOOM_DATA"] = filepath.Join(c.dir, "data")
	queuedElsewhere(t, c.env["HEIRLOOM_DATA"], task.Spec{Type: "mail", User: "ada", Requeue: true}, c.now)
	waiting := c.tasks()[0]
	require.Equal(t, "queued", waiting.Status)

	var asked recordedTask
	c.decode(statusOK, &asked, "task", "cancel", "--reason", "no need", waiting.UPID)
	require.Equal(t, waiting.UPID, asked.UPID)
	require.Equal(t, "cancelled", asked.Status, "no process has it")
	require.Contains(t, asked.Error.Message, "no need")
}
