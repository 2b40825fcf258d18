package tasklog_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"os"
	"strings"

	"github.com/heirloom-backup/heirloom/task/tasklog"
)

// A logger appends to the log of a task, and somebody reads it as text.
func Example() {
	var log bytes.Buffer
	handler := tasklog.NewHandler(&log, tasklog.Options{Now: clock, Stage: func() string { return "upload" }})
	logger := slog.New(atNoon{handler})

	logger.Info("began", "source", "/home/ada")
	logger.Warn("skipped a file", "path", "/home/ada/a b", slog.Group("stat", "size", 12))
	if err := handler.Close(); err != nil {
		fmt.Println(err)
	}

	if _, err := tasklog.WriteText(os.Stdout, tasklog.Read(bytes.NewReader(log.Bytes()), 0)); err != nil {
		fmt.Println(err)
	}
	// Output:
	// 2026-11-22T11:00:00.123Z INFO  [upload] began source=/home/ada
	// 2026-11-22T11:00:00.123Z WARN  [upload] skipped a file path="/home/ada/a b" stat.size=12
}

// atNoon has all lines logged at the same time, so that the output of an example can be compared.
type atNoon struct{ slog.Handler }

func (h atNoon) Handle(ctx context.Context, r slog.Record) error {
	r.Time = noon
	return h.Handler.Handle(ctx, r)
}

// A program that watches a task shows its lines as they come, and goes on after a break with the End of the last.
func ExampleFollow() {
	log := &growing{}
	logger := slog.New(tasklog.NewHandler(log, tasklog.Options{}))
	logger.Info("one")
	logger.Info("two")

	var end int64
	for line, err := range tasklog.Follow(context.Background(), log, 0, tasklog.FollowOptions{}) {
		if err != nil {
			fmt.Println(err)
			break
		}
		fmt.Println(line.Message)
		if end = line.End; line.Message == "two" {
			break // the connection is lost
		}
	}

	logger.Info("three")
	log.end()
	for line := range tasklog.Follow(context.Background(), log, end, tasklog.FollowOptions{}) {
		fmt.Println(line.Message)
	}
	// Output:
	// one
	// two
	// three
}

// The last lines of a long log are found without reading all of it.
func ExampleTailOffset() {
	var log bytes.Buffer
	logger := slog.New(tasklog.NewHandler(&log, tasklog.Options{}))
	for i := range 1000 {
		logger.Info(fmt.Sprint("line ", i))
	}

	r := strings.NewReader(log.String())
	offset, err := tasklog.TailOffset(r, r.Size(), 2)
	if err != nil {
		fmt.Println(err)
	}
	for line := range tasklog.Read(r, offset) {
		fmt.Println(line.Message)
	}
	// Output:
	// line 998
	// line 999
}
