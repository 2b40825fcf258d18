package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/heirloom-backup/heirloom/task"
	"github.com/heirloom-backup/heirloom/task/diskstore"
)

func (p *program) taskCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "task",
		Short: "List, show and cancel what was recorded with --data, and read the logs",
		Long: "Each backup, restore, verify, prune and gc that is run with --data DIR (or HEIRLOOM_DATA) leaves a record and a\n" +
			"log there, under a name of its own, its UPID. One that still runs is among them, whichever process it is.",
		Args: cobra.ArbitraryArgs,
		RunE: chooser,
	}
	cmd.AddCommand(p.taskListCommand(), p.taskShowCommand(), p.taskLogCommand(), p.taskCancelCommand())
	return cmd
}

var (
	errNoData  = errors.New("no folder of tasks is named")
	errNoTasks = errors.New("no task was ever recorded there")
)

// withTasks opens the records for the time of one call. What a process that died has left behind is marked as failed
// first, if this user may write there.
func (p *program) withTasks(ctx context.Context, use func(*diskstore.Store) error) error {
	if p.dataDir == "" {
		return &usageError{errNoData}
	}
	store, err := p.openRecords(ctx)
	if err != nil {
		return fmt.Errorf("--data %s: %w", p.dataDir, err)
	}
	return errors.Join(use(store), store.Close())
}

func (p *program) openRecords(ctx context.Context) (*diskstore.Store, error) {
	o := diskstore.Options{ReadOnly: true, Now: p.Now, Logger: p.logger()}
	store, err := diskstore.Open(p.tasksDir(), o) // a folder that is not there is a mistake, and not made
	if errors.Is(err, fs.ErrNotExist) {
		return nil, errNoTasks
	}
	if err != nil {
		return nil, err
	}
	o.ReadOnly = false
	writable, err := diskstore.Open(p.tasksDir(), o)
	if err != nil {
		return store, nil
	}
	_, err = writable.Recover(ctx, p.Now(), interruptedUnlessWanted)
	if err == nil || errors.Is(err, task.ErrUnreadable) { // lists name it
		return writable, store.Close()
	}
	closing := writable.Close()
	if ctx.Err() != nil {
		return nil, errors.Join(err, closing, store.Close())
	}
	if !errors.Is(err, fs.ErrPermission) && !errors.Is(err, syscall.EROFS) { // else one may look, and that is all
		p.note("what processes that are gone have left cannot be looked after: %v", err)
	}
	return store, nil
}

// interruptedUnlessWanted leaves tasks alone that another program will take up again.
func interruptedUnlessWanted(r task.Record) task.Verdict {
	if r.Requeue {
		return task.LeaveAlone
	}
	return task.Interrupted
}

// newestTask stands for the task that was made last, where one is named to be looked at.
const newestTask = "latest"

// withTask opens the records and finds the task that the user means.
func (p *program) withTask(ctx context.Context, name string, use func(*diskstore.Store, task.UPID) error) error {
	if name == newestTask {
		return p.withTasks(ctx, func(store *diskstore.Store) error {
			id, err := p.newest(ctx, store)
			if err != nil {
				return err
			}
			return use(store, id)
		})
	}
	id, err := parseUPID(name)
	if err != nil {
		return err
	}
	return p.withTasks(ctx, func(store *diskstore.Store) error { return use(store, id) })
}

func (p *program) newest(ctx context.Context, store *diskstore.Store) (task.UPID, error) {
	page, err := store.List(ctx, task.Query{Limit: task.MaxLimit})
	if err != nil {
		return task.UPID{}, err
	}
	p.warnOfUnreadable(page)
	if len(page.Records) == 0 {
		return task.UPID{}, errNoTasks
	}
	// Pages are in the order of UPIDs, which know the second only.
	last := slices.MaxFunc(page.Records, func(a, b task.Record) int { return a.Created.Compare(b.Created) })
	return last.UPID, nil
}

// parseUPID reads the name of a task; what is wrong with it is wrong usage.
func parseUPID(text string) (task.UPID, error) {
	id, err := task.ParseUPID(text)
	if err != nil {
		return id, &usageError{err}
	}
	return id, nil
}
