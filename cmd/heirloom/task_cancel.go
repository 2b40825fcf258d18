package main

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"github.com/heirloom-backup/heirloom/task"
	"github.com/heirloom-backup/heirloom/task/diskstore"
)

func (p *program) taskCancelCommand() *cobra.Command {
	var reason string
	cmd := &cobra.Command{
		Use:   "cancel [--reason R] UPID",
		Short: "Ask a task to stop",
		Long: "Ask a task to stop, in whatever process it runs. It stops as it does when its own terminal interrupts it; this\n" +
			"command does not wait for that. heirloom task show UPID tells how it ended.",
		Args: wants(1, 1),
		RunE: p.action(func(ctx context.Context, args []string) error {
			id, err := parseUPID(args[0])
			if err != nil {
				return err
			}
			return p.withTasks(ctx, func(store *diskstore.Store) error {
				wish := task.Cancellation{By: p.user(), Reason: reason, At: p.Now().UTC()}
				if err := store.RequestCancel(ctx, id, wish); err != nil {
					return err
				}
				if _, err := store.Recover(ctx, p.Now(), interruptedUnlessWanted); err != nil && !errors.Is(err, task.ErrUnreadable) {
					return err // one without a process ends at once
				}
				return p.sayAsked(ctx, store, id)
			})
		}),
	}
	cmd.Flags().StringVar(&reason, "reason", "", "`WHY`, for the record")
	return cmd
}

// sayAsked says that a task was asked to stop; as JSON, what its record is by now.
func (p *program) sayAsked(ctx context.Context, store *diskstore.Store, id task.UPID) error {
	if !p.json {
		return p.say("asked to stop: %s", id)
	}
	r, err := store.Get(ctx, id)
	if err != nil {
		return err
	}
	return writeJSON(p.Stdout, p.newTaskJSON(&r))
}
