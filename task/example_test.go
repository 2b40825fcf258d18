package task_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"time"

	"github.com/heirloom-backup/heirloom/task"
	"github.com/heirloom-backup/heirloom/task/progress"
)

// One task, with progress: how it goes is told while it runs, and what came of it is a record.
func Example() {
	ctx := context.Background()
	runner, err := task.NewRunner(ctx, task.Options{})
	if err != nil {
		log.Fatal(err)
	}
	defer runner.Close(ctx)

	spec := task.Spec{Type: "copy", User: "ada@pam", Source: "/srv/www", Target: "tape-7"}
	record, err := runner.Do(ctx, spec, func(ctx context.Context, run *task.Run) error {
		stage := run.Stage("write", progress.Total{Bytes: 3 << 20})
		for range 3 {
			if err := ctx.Err(); err != nil {
				return err // somebody asked to stop
			}
			stage.AddBytes(1 << 20)
		}
		run.Warn("/srv/www/socket", errors.New("sockets are not copied"))
		return nil
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(record.State, record.Progress.Work().Bytes, record.Warnings.Listed)
	// Output: warning 3145728 [{/srv/www/socket sockets are not copied}]
}

// A pool: two slots, of which verifications take one at most; what has the same key never runs at the same time.
func Example_pool() {
	ctx := context.Background()
	runner, err := task.NewRunner(ctx, task.Options{Slots: 2, Limits: task.Limits{Types: map[string]int{"verify": 1}}})
	if err != nil {
		log.Fatal(err)
	}
	nothing := func(context.Context, *task.Run) error { return nil }
	for _, guest := range []string{"vm/100", "vm/101", "vm/100"} {
		for _, kind := range []string{"backup", "verify"} {
			spec := task.Spec{Type: kind, User: "root@pam", Source: guest, Key: guest}
			if _, err := runner.Submit(ctx, spec, nothing); err != nil {
				log.Fatal(err)
			}
		}
	}
	fmt.Println(runner.Drain(ctx), runner.Close(ctx))
	// Output: <nil> <nil>
}

// The failures of a day, the newest first, page by page.
func ExampleStore() {
	ctx := context.Background()
	store := task.NewMemory()
	runner, err := task.NewRunner(ctx, task.Options{Store: store})
	if err != nil {
		log.Fatal(err)
	}
	defer runner.Close(ctx)
	for _, disk := range []string{"sda", "sdb"} {
		spec := task.Spec{Type: "scrub", User: "cron", Source: disk}
		_, _ = runner.Do(ctx, spec, func(context.Context, *task.Run) error {
			return fmt.Errorf("read %s: %w", disk, context.DeadlineExceeded)
		})
	}

	today := time.Now().UTC().Truncate(24 * time.Hour)
	query := task.Query{States: []task.State{task.Failed}, Since: today.Add(-24 * time.Hour), Limit: 1}
	for {
		page, err := store.List(ctx, query)
		if err != nil {
			log.Fatal(err)
		}
		for _, r := range page.Records {
			fmt.Println(r.Source, r.Failure.Code, r.Failure.Message)
		}
		if page.Next == "" {
			break
		}
		query.After = page.Next
	}
	// Output:
	// sdb deadline read sdb: context deadline exceeded
	// sda deadline read sda: context deadline exceeded
}
