package main

import (
	"context"
	"errors"
	"io"
	"iter"

	"github.com/spf13/cobra"

	"github.com/heirloom-backup/heirloom/task"
	"github.com/heirloom-backup/heirloom/task/diskstore"
	"github.com/heirloom-backup/heirloom/task/tasklog"
)

func (p *program) taskLogCommand() *cobra.Command {
	var follow bool
	var tail int
	cmd := &cobra.Command{
		Use:   "log [--follow] [--tail N] UPID|latest",
		Short: "Write the log of a task as text",
		Long: "Write the log of a task as text; with --json as it is kept, a JSON document for each line. With --follow the\n" +
			"lines come as the task writes them, to its end.",
		Args: wants(1, 1),
		RunE: p.action(func(ctx context.Context, args []string) error {
			if tail < 0 {
				return wrongUsage("--tail %d is negative", tail)
			}
			return p.withTask(ctx, args[0], func(store *diskstore.Store, id task.UPID) error {
				return p.taskLog(ctx, store, id, follow, tail)
			})
		}),
	}
	cmd.Flags().BoolVarP(&follow, "follow", "f", false, "go on as long as the task does")
	cmd.Flags().IntVarP(&tail, "tail", "n", 0, "begin with the last `N` lines; 0 is all")
	return cmd
}

func (p *program) taskLog(ctx context.Context, store *diskstore.Store, id task.UPID, follow bool, tail int) error {
	log, err := store.OpenLog(ctx, id)
	if err != nil {
		return err
	}
	from, err := logStart(log, tail)
	lines := tasklog.Read(log, from)
	if follow {
		lines = tasklog.Follow(ctx, log, from, tasklog.FollowOptions{})
	}
	if err == nil {
		err = p.writeLog(lines)
	}
	return errors.Join(err, log.Close())
}

// logStart returns where the last lines begin.
func logStart(log task.Log, tail int) (int64, error) {
	if tail == 0 {
		return 0, nil
	}
	size, err := log.Size()
	if err != nil {
		return 0, err
	}
	return tasklog.TailOffset(log, size, tail)
}

// writeLog writes each line as soon as it comes.
func (p *program) writeLog(lines iter.Seq2[tasklog.Line, error]) error {
	for line, err := range lines {
		if err != nil {
			return err
		}
		text := line.String()
		if p.json {
			text = string(line.Raw)
		}
		if _, err := io.WriteString(p.Stdout, text+"\n"); err != nil {
			return err
		}
		if err := p.flush(); err != nil {
			return err
		}
	}
	return nil
}
