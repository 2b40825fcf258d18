package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/heirloom-backup/heirloom/task"
	"github.com/heirloom-backup/heirloom/task/diskstore"
)

// taskFilter is the flags that select tasks.
type taskFilter struct {
	types, states, users, subjects []string
	since, until                   moment
	text, after                    string
	limit                          int
}

func (p *program) taskListCommand() *cobra.Command {
	var f taskFilter
	cmd := &cobra.Command{
		Use:   "list [--type T] [--status S] [--since T] [--until T] [--user U] [--subject S] [--text T] [--limit N] [--after CURSOR]",
		Short: "List tasks, the newest first",
		Long: "List the tasks that fit all that is asked for, the newest first. Of a flag that is given several times, or with\n" +
			"values joined by commas, one value must fit. A page that is not the last says how to get the next one.",
		Example: `  heirloom task list --status failed --since 24h
  heirloom task list --type backup,restore --subject /srv/www`,
		Args: wants(0, 0),
	}
	cmd.RunE = p.action(func(ctx context.Context, _ []string) error { return p.listTasks(ctx, f) })
	f.add(cmd)
	return cmd
}

func (f *taskFilter) add(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringSliceVar(&f.types, "type", nil, "only tasks of type `T`, such as backup")
	flags.StringSliceVar(&f.states, "status", nil, "only those that are `S`: queued, running, ok, warning, failed or cancelled")
	flags.StringSliceVar(&f.users, "user", nil, "only those of `USER`")
	flags.StringArrayVar(&f.subjects, "subject", nil, "only those whose source or target is `PATH`, store or snapshot")
	flags.Var(&f.since, "since", "only those made at `T` or later: a time (RFC 3339), a day (2026-11-22), or how long ago (24h, 7d; a number alone is days)")
	flags.Var(&f.until, "until", "only those made before `T`")
	flags.StringVar(&f.text, "text", "", "only those in whose record `TEXT` occurs")
	flags.IntVar(&f.limit, "limit", task.DefaultLimit, fmt.Sprintf("at most `N`, up to %d", task.MaxLimit))
	flags.StringVar(&f.after, "after", "", "go on behind the page that ended with `CURSOR`")
}

func (p *program) query(f taskFilter) (task.Query, error) {
	q := task.Query{Types: f.types, Users: f.users, Subjects: subjects(f.subjects), Text: f.text, After: task.Cursor(f.after), Limit: f.limit,
		Since: f.since.at(p.Now(), p.Zone), Until: f.until.at(p.Now(), p.Zone)}
	if f.limit < 1 || f.limit > task.MaxLimit {
		return q, wrongUsage("--limit %d is not between 1 and %d", f.limit, task.MaxLimit)
	}
	for _, text := range f.states {
		s, err := task.ParseState(text)
		if err != nil {
			return q, wrongUsage("--status: %w", err)
		}
		q.States = append(q.States, s)
	}
	if err := q.Validate(); err != nil {
		return q, &usageError{err}
	}
	return q, nil
}

// subjects adds to each path how a record names it.
func subjects(given []string) []string {
	var all []string
	for _, s := range given {
		all = append(all, s, pathSubject(s))
	}
	return all
}

func (p *program) listTasks(ctx context.Context, f taskFilter) error {
	q, err := p.query(f)
	if err != nil {
		return err
	}
	return p.withTasks(ctx, func(store *diskstore.Store) error {
		page, err := store.List(ctx, q)
		if err != nil {
			return err
		}
		return p.printTasks(page)
	})
}

func (p *program) printTasks(page task.Page) error {
	if err := p.writeTasks(page); err != nil {
		return err
	}
	p.warnOfUnreadable(page)
	if page.Unreadable != nil {
		return statusWarnings
	}
	return nil
}

func (p *program) warnOfUnreadable(page task.Page) {
	for _, err := range page.Unreadable {
		fmt.Fprintln(p.Stderr, oneLine("warning: "+err.Error()))
	}
}

func (p *program) writeTasks(page task.Page) error {
	if p.json {
		return writeJSON(p.Stdout, p.newTasksJSON(page))
	}
	w := p.table("STATE\tTYPE\tCREATED\tTOOK\tBYTES\tUSER\tSUBJECT\tUPID")
	for _, r := range page.Records {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", stateText(&r), r.UPID.Type, p.clock(r.Created), p.tookText(&r),
			size(r.Progress.Work().Bytes), printable(r.UPID.Auth), printable(subjectText(&r)), r.UPID)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	if page.Next != "" {
		p.note("there are more: add --after %s", page.Next)
	}
	return nil
}

// stateText is the state, with how far a task has come that runs.
func stateText(r *task.Record) string {
	if r.State != task.Running {
		return string(r.State)
	}
	if s, ok := r.Progress.Current(); ok {
		if part, ok := s.Fraction(); ok {
			return fmt.Sprintf("%s %.0f%%", r.State, 100*part)
		}
	}
	return string(r.State)
}

func (p *program) tookText(r *task.Record) string {
	if r.Started.IsZero() {
		return "-"
	}
	return took(r.Duration(p.Now()))
}

// subjectText says what a task is about in one cell of a table.
func subjectText(r *task.Record) string {
	switch {
	case r.Source == "" || r.Target == "":
		return r.Source + r.Target
	case strings.Contains(r.Source, " "):
		return fmt.Sprintf("(%s) > %s", r.Source, r.Target)
	}
	return r.Source + " > " + r.Target
}
