package task_test

import (
	"context"
	"fmt"
	"log"

	"github.com/heirloom-backup/heirloom/task"
	"github.com/heirloom-backup/heirloom/task/progress"
	"github.com/heirloom-backup/heirloom/task/tasklog"
)

// The log of a task, followed while it is written, to the task's end.
func ExampleReader_OpenLog() {
	ctx := context.Background()
	store := task.NewMemory()
	runner, err := task.NewRunner(ctx, task.Options{Store: store})
	if err != nil {
		log.Fatal(err)
	}
	defer runner.Close(ctx)

	spec := task.Spec{Type: "scrub", User: "cron", Source: "pool/a"}
	scrub, err := runner.Submit(ctx, spec, func(_ context.Context, run *task.Run) error {
		stage := run.Stage("read", progress.Total{})
		defer stage.End()
		run.Log().Info("block is good", "block", 1)
		run.Log().Warn("block was mended", "block", 2)
		return nil
	})
	if err != nil {
		log.Fatal(err)
	}

	lines, err := store.OpenLog(ctx, scrub.UPID())
	if err != nil {
		log.Fatal(err)
	}
	defer lines.Close()
	for line, err := range tasklog.Follow(ctx, lines, 0, tasklog.FollowOptions{}) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(line.Level, line.Stage, line.Message, string(line.Attrs[0].Value))
	}
	// Output:
	// INFO read block is good 1
	// WARN read block was mended 2
}
