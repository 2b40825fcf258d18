package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"strings"
	"time"
	"unicode"

	"github.com/spf13/cobra"

	"github.com/heirloom-backup/heirloom/datastore"
	"github.com/heirloom-backup/heirloom/task"
	"github.com/heirloom-backup/heirloom/task/diskstore"
	"github.com/heirloom-backup/heirloom/task/remedy"
)

// about says what a command's task is.
type about struct {
	kind           string
	source, target string
	changesNothing bool // it only looks: there is nothing to record
}

// recorded makes a function the body of a command that is recorded as a task, if --data says where.
func (p *program) recorded(what func(args []string) about, do func(ctx context.Context, args []string) error) func(*cobra.Command, []string) error {
	return p.action(func(ctx context.Context, args []string) error {
		a := what(args)
		if p.dataDir == "" || a.changesNothing {
			return do(ctx, args)
		}
		return p.record(ctx, a, func(ctx context.Context) error { return do(ctx, args) })
	})
}

// record runs a task and returns what its function did.
func (p *program) record(ctx context.Context, a about, do func(context.Context) error) error {
	store, err := p.openTasks()
	if err != nil {
		return err
	}
	runner, err := task.NewRunner(ctx, task.Options{Store: store, Slots: 1, Remedies: p.remedies(), Now: p.Now, Grace: stopWithin})
	if err != nil {
		return errors.Join(fmt.Errorf("record the task: %w", err), store.Close())
	}
	var done error
	began := false
	_, err = runner.Do(ctx, p.spec(a), func(ctx context.Context, run *task.Run) error {
		p.task, began = run, true
		run.Log().Info(a.kind+" begins", "source", a.source, "target", a.target)
		defer func() { p.task = nil }()
		done = cancelledElsewhere(ctx, do(ctx))
		return forRecord(done)
	})
	closing := errors.Join(runner.Close(context.WithoutCancel(ctx)), store.Close())
	switch {
	case !began || done == nil && err != nil && !errors.Is(err, task.ErrNotRecorded): // refused, or it panicked
		return errors.Join(err, closing)
	case errors.Is(err, task.ErrNotRecorded) || closing != nil:
		return p.unrecorded(done, cmp.Or(closing, err))
	}
	return done
}

// unrecorded says that a command was carried out and that its record does not tell.
func (p *program) unrecorded(done, err error) error {
	p.warn([]datastore.Warning{{Path: p.dataDir, Reason: err.Error()}}, 1)
	if done == nil {
		return statusWarnings
	}
	return done
}

// stopWithin is how long a command may take to stop after it was asked to, before its record says that it did not.
const stopWithin = 5 * time.Minute

// cancelledElsewhere says who cancelled the task, if somebody did from outside of this process.
func cancelledElsewhere(ctx context.Context, err error) error {
	by := new(task.CancelError)
	if errors.Is(err, context.Canceled) && errors.As(context.Cause(ctx), &by) && by.By != "" {
		return &elsewhereError{by, err}
	}
	return err
}

// elsewhereError is the end of a command that somebody stopped from outside of this process.
type elsewhereError struct {
	by  *task.CancelError
	err error
}

func (e *elsewhereError) Error() string   { return e.by.Error() }
func (e *elsewhereError) Unwrap() []error { return []error{e.by, e.err} }

var errDamage = errors.New("damage was found")

// forRecord translates the end of a command: warnings are in the record already, and damage is a failure.
func forRecord(err error) error {
	switch s := status(0); {
	case !errors.As(err, &s):
		return err
	case s == statusDamage:
		return remedy.New("damage", remedy.Damage, "The log names it. See all of it with: heirloom verify", errDamage)
	case s == statusWarnings:
		return nil
	}
	return err
}

// tasksDir is where the records of tasks lie: the folder of --data has room for more than them. One that another program
// keeps is taken as it is.
func (p *program) tasksDir() string {
	if diskstore.Exists(p.dataDir) {
		return p.dataDir
	}
	return filepath.Join(p.dataDir, "tasks")
}

// keepTasks bounds what the folder grows to: records are small, and logs may be large.
var keepTasks = task.Retention{Count: 1_000_000, LogAge: 365 * 24 * time.Hour, LogCount: 10_000}

func (p *program) openTasks() (*diskstore.Store, error) {
	if p.isInStore(p.tasksDir()) {
		return nil, wrongUsage("--data %s: it lies in the store %s, which takes what it does not know for damage: name another folder", p.dataDir, p.storeURL)
	}
	store, err := diskstore.Open(p.tasksDir(), diskstore.Options{Keep: keepTasks, Now: p.Now, Logger: p.logger()})
	if err != nil {
		return nil, fmt.Errorf("--data %s: %w", p.dataDir, err)
	}
	return store, nil
}

func (p *program) spec(a about) task.Spec {
	id := cut(cmp.Or(a.source, a.target), 200)
	return task.Spec{Type: a.kind, User: p.user(), ID: id, Source: cut(a.source, 16<<10), Target: cut(a.target, 16<<10)}
}

// cut bounds a text, in bytes: many sources are no reason not to save them.
func cut(text string, most int) string {
	if len(text) <= most {
		return text
	}
	return strings.ToValidUTF8(text[:most], "") + "…"
}

// user returns who runs the program, as a task's name may have it.
func (p *program) user() string {
	name, err := p.UserName()
	name = strings.Map(func(r rune) rune {
		if r == ':' || unicode.IsSpace(r) || unicode.IsControl(r) {
			return '_'
		}
		return r
	}, name)
	if err != nil || name == "" {
		return "unknown"
	}
	return name
}

// recordWarnings notes in the record of the task what was skipped.
func (p *program) recordWarnings(warnings []datastore.Warning, total int64) {
	if p.task == nil {
		return
	}
	for _, w := range warnings {
		p.task.Warn(escape(w.Path), errors.New(w.Reason))
	}
	if more := total - int64(len(warnings)); more > 0 {
		p.task.Warn("", fmt.Errorf("%d more", more))
	}
}

// logLines writes a text to the log of the task.
func (p *program) logLines(level slog.Level, text string) {
	if p.task == nil {
		return
	}
	for line := range strings.SplitSeq(text, "\n") {
		p.task.Log().Log(context.Background(), level, line)
	}
}
