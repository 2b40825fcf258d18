// Downloads is a program that has nothing to do with backups and embeds package task: it fetches five files at a time,
// shows how far each has come, and tells at the end what came of them. One connection breaks, and its download is tried
// again; one file comes without a checksum, and its download ends with a warning.
//
//	cd examples/downloads && go run .
//
// On a terminal the bars are redrawn in place; elsewhere each change of state is a line. Ctrl-C cancels what is running.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"net"
	"net/http"
	"os"
	"os/signal"
	"time"

	"github.com/heirloom-backup/heirloom/task"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := start(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "downloads:", err)
		os.Exit(1)
	}
}

// start brings up the server that is downloaded from, and downloads.
func start(ctx context.Context) error {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	server := &http.Server{Handler: newShelf(files)}
	go server.Serve(listener) // until Close
	defer server.Close()

	folder, err := os.MkdirTemp("", "downloads") // for a while: nobody needs these files
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	from := downloader{client: http.DefaultClient, server: "http://" + listener.Addr().String(), folder: folder}
	return run(ctx, from, os.Stdout, isTerminal(os.Stdout))
}

// run downloads all files at a time, and writes to out how it goes and what came of it.
func run(ctx context.Context, from downloader, out io.Writer, terminal bool) error {
	store := task.NewMemory() // diskstore.Open has one that outlives the process
	defer store.Close()
	runner, err := task.NewRunner(ctx, task.Options{Store: store, Slots: len(files), Remedies: from.remedies()})
	if err != nil {
		return err
	}
	tasks, err := submit(ctx, runner, from)
	if err != nil {
		return errors.Join(err, runner.Close(ctx))
	}

	defer context.AfterFunc(ctx, func() { cancel(tasks) })()
	shown := show(runner.Watch(context.WithoutCancel(ctx), watching), newView(out, terminal, tasks))
	closed := runner.Close(context.WithoutCancel(ctx))
	return errors.Join(shown, closed, report(context.WithoutCancel(ctx), store, out), ctx.Err())
}

// watching ends when all is over: also after Ctrl-C there is the cancelling to be seen.
var watching = task.Watching{UntilIdle: true, Every: 100 * time.Millisecond}

func submit(ctx context.Context, runner *task.Runner, from downloader) (tasks []*task.Task, err error) {
	for _, f := range files {
		t, err := runner.Submit(ctx, from.spec(f.name), from.fetch)
		if err != nil {
			return tasks, err
		}
		tasks = append(tasks, t)
	}
	return tasks, nil
}

// cancel asks the tasks to stop; those that are over do not mind.
func cancel(tasks []*task.Task) {
	for _, t := range tasks {
		t.Cancel("", "Ctrl-C")
	}
}

// show shows what happens.
func show(events iter.Seq2[task.Event, error], v *view) error {
	for event, err := range events {
		if err != nil {
			return err
		}
		v.show(event.Record)
	}
	v.finish()
	return nil
}
