package history_test

import (
	"context"
	"fmt"
	"os"
	"time"

	"github.com/heirloom-backup/heirloom/task"
	"github.com/heirloom-backup/heirloom/task/diskstore/internal/history"
)

// A record is filed by one process, and found by another.
func Example() {
	dir, err := os.MkdirTemp("", "history")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	ctx := context.Background()
	made := time.Date(2026, 3, 1, 9, 30, 0, 0, time.UTC)

	db, err := history.Open(dir, history.Options{})
	if err != nil {
		panic(err)
	}
	id := task.UPID{Node: "atlas", PID: 7, TaskID: 1, Start: uint32(made.Unix()), Type: "backup", Auth: "root@pam"}
	err = db.Add(ctx, []task.Record{{UPID: id, State: task.Failed, Spec: task.Spec{Source: "/home"}}})
	if err != nil {
		panic(err)
	}
	if err := db.Close(); err != nil {
		panic(err)
	}

	db, err = history.Open(dir, history.Options{ReadOnly: true})
	if err != nil {
		panic(err)
	}
	defer db.Close()
	failures := task.Query{States: []task.State{task.Failed}, Since: made.Truncate(24 * time.Hour)}
	for r, err := range db.List(ctx, failures) {
		if err != nil {
			panic(err)
		}
		fmt.Println(r.UPID.Type, r.Source, r.State)
	}
	totals, err := db.Totals(ctx, made, made)
	if err != nil {
		panic(err)
	}
	for _, t := range totals {
		fmt.Println(t.Day.Format(time.DateOnly), t.Type, t.State, t.Tasks)
	}
	// Output:
	// backup /home failed
	// 2026-03-01 backup failed 1
}
