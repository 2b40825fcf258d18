package diskstore_test

import (
	"context"
	"fmt"
	"log"
	"os"

	"github.com/heirloom-backup/heirloom/task"
	"github.com/heirloom-backup/heirloom/task/diskstore"
)

// A runner whose records outlive the process. Another process that opens the folder sees what this one does.
func Example() {
	ctx := context.Background()
	dir, err := os.MkdirTemp("", "tasks")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)

	store, err := diskstore.Open(dir, diskstore.Options{})
	if err != nil {
		log.Fatal(err)
	}
	defer store.Close()
	runner, err := task.NewRunner(ctx, task.Options{Store: store})
	if err != nil {
		log.Fatal(err)
	}
	defer runner.Close(ctx)

	spec := task.Spec{Type: "scrub", User: "cron", Source: "pool/a"}
	if _, err := runner.Do(ctx, spec, func(context.Context, *task.Run) error { return nil }); err != nil {
		log.Fatal(err)
	}

	elsewhere, err := diskstore.Open(dir, diskstore.Options{ReadOnly: true})
	if err != nil {
		log.Fatal(err)
	}
	defer elsewhere.Close()
	page, err := elsewhere.List(ctx, task.Query{Types: []string{"scrub"}})
	if err != nil {
		log.Fatal(err)
	}
	for _, r := range page.Records {
		fmt.Println(r.Source, r.State)
	}
	// Output: pool/a ok
}
