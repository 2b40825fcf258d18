package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"text/tabwriter"
	"time"

	"github.com/heirloom-backup/heirloom/task"
	"github.com/heirloom-backup/heirloom/task/tasklog"
)

// report writes the records of all downloads and, of each that did not go well at once, the end of the log.
func report(ctx context.Context, store task.Reader, out io.Writer) error {
	page, err := store.List(ctx, task.Query{Types: []string{"download"}})
	if err != nil {
		return err
	}
	slices.Reverse(page.Records) // in the order in which they were submitted
	table(out, page.Records)
	for _, r := range page.Records {
		if r.Attempt > 1 || r.State == task.Failed {
			fmt.Fprintf(out, "\nthe log of %s ends\n", name(r))
			err = errors.Join(err, tail(ctx, store, r, 5, out))
		}
	}
	return err
}

func table(out io.Writer, records []task.Record) {
	t := tabwriter.NewWriter(out, 0, 0, 3, ' ', 0)
	fmt.Fprintln(t, "\nFILE\tSTATE\tATTEMPTS\tSIZE\tTIME\tNOTE")
	for _, r := range records {
		fmt.Fprintf(t, "%s\t%s\t%d\t%s\t%.1f s%s\n", name(r), r.State, r.Attempt,
			size(float64(r.Progress.Work().Bytes)), r.Duration(r.Ended).Seconds(), note(r))
	}
	t.Flush()
}

// note is a further column with the first thing to be said of how a download ended, or none.
func note(r task.Record) string {
	switch {
	case r.Failure != nil:
		return "\t" + r.Failure.Message
	case r.Warnings.Count > 0:
		return "\t" + r.Warnings.Listed[0].Reason
	}
	return ""
}

// tail writes the last lines of the log of a task that has ended.
func tail(ctx context.Context, store task.Reader, r task.Record, lines int, out io.Writer) error {
	log, err := store.OpenLog(ctx, r.UPID)
	if err != nil {
		return err
	}
	defer log.Close()
	offset, err := tasklog.TailOffset(log, r.LogSize, lines)
	if err != nil {
		return err
	}
	for line, err := range tasklog.Read(log, offset) {
		if err != nil {
			return err
		}
		fmt.Fprintf(out, "  %s  %-5s  %s\n", line.Time.Format(time.TimeOnly), line.Level, line.Message)
	}
	return nil
}
