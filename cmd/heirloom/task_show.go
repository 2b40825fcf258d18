package main

import (
	"context"
	"fmt"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/heirloom-backup/heirloom/task"
	"github.com/heirloom-backup/heirloom/task/diskstore"
	"github.com/heirloom-backup/heirloom/task/progress"
)

func (p *program) taskShowCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "show UPID|latest",
		Short: "Show all that is recorded of a task",
		Args:  wants(1, 1),
		RunE: p.action(func(ctx context.Context, args []string) error {
			return p.withTask(ctx, args[0], func(store *diskstore.Store, id task.UPID) error {
				r, err := store.Get(ctx, id)
				if err != nil {
					return err
				}
				return p.printTask(&r)
			})
		}),
	}
}

func (p *program) printTask(r *task.Record) error {
	if p.json {
		return writeJSON(p.Stdout, p.newTaskJSON(r))
	}
	w := tabwriter.NewWriter(p.Stdout, 0, 0, 2, ' ', 0)
	row := func(name, value string) {
		if value != "" {
			fmt.Fprintf(w, "%s\t%s\n", name, printable(value))
		}
	}
	row("task", r.UPID.String())
	row("state", stateText(r))
	row("type", r.UPID.Type)
	row("user", r.UPID.Auth)
	row("source", r.Source)
	row("target", r.Target)
	p.printTimes(row, r)
	printTerms(row, r)
	row("process", fmt.Sprintf("%d on %s", r.UPID.PID, r.UPID.Node))
	if f := r.Failure; f != nil {
		row("error", fmt.Sprintf("%s (%s, %s)", f.Message, f.Code, f.Class))
		row("next", f.Tip)
	}
	if r.LogSize > 0 {
		row("log", size(r.LogSize))
	}
	p.printStages(row, r.Progress)
	printWarnings(row, r.Warnings)
	return w.Flush()
}

func (p *program) printTimes(row func(name, value string), r *task.Record) {
	row("created", p.clock(r.Created))
	if r.State == task.Queued && !r.NotBefore.IsZero() {
		row("waits until", p.clock(r.NotBefore))
	}
	row("started", p.clock(r.Started))
	row("ended", p.clock(r.Ended))
	row("took", p.tookText(r))
}

// printTerms writes what was asked for when the task was submitted, where it differs from what most tasks have.
func printTerms(row func(name, value string), r *task.Record) {
	if r.Attempt > 1 {
		row("attempts", fmt.Sprint(r.Attempt))
	}
	row("key", r.Key)
	if r.Priority != 0 {
		row("priority", fmt.Sprint(r.Priority))
	}
	if r.Deadline > 0 {
		row("time limit", r.Deadline.String())
	}
	if r.Requeue {
		row("if it dies", "it is queued again")
	}
	row("payload", string(r.Payload))
}

func (p *program) printStages(row func(name, value string), s progress.Snapshot) {
	for i, stage := range s.Stages {
		row(titled("stages", i), stageText(stage, s.Taken))
	}
}

// titled is the name of the first row of several.
func titled(name string, i int) string {
	if i > 0 {
		return " "
	}
	return name
}

func stageText(s progress.Status, now time.Time) string {
	text := fmt.Sprintf("%s: %s", s.Name, size(s.Done.Bytes))
	if s.Total.Bytes > 0 {
		text += " of " + size(s.Total.Bytes)
	}
	if s.Done.Items > 0 {
		text += ", " + count(s.Done.Items, "item", "items")
	}
	text += fmt.Sprintf(", %s/s, %s", size(int64(s.Rate.Bytes)), took(s.Duration(now)))
	if s.Ended.IsZero() && s.Left >= 0 {
		text += ", " + took(s.Left.Round(time.Second)) + " left"
	}
	return text
}

func printWarnings(row func(name, value string), w task.Warnings) {
	for i, n := range w.Listed {
		row(titled("warnings", i), strings.TrimPrefix(n.Path+": "+n.Reason, ": "))
	}
	if more := w.Count - int64(len(w.Listed)); more > 0 {
		row(" ", count(more, "more, see the log", "more, see the log"))
	}
}
