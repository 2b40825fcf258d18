package main

import (
	"fmt"
	"io"
	"os"
	"path"
	"slices"
	"strings"

	"github.com/heirloom-backup/heirloom/task"
)

// view shows tasks while they run: on a terminal a bar for each, redrawn in place, elsewhere a line for each change.
type view struct {
	out      io.Writer
	terminal bool
	tasks    []*task.Task
	records  []task.Record // what was last told of each
	said     []task.State  // what the last line about each said
	drawn    bool
}

func newView(out io.Writer, terminal bool, tasks []*task.Task) *view {
	v := &view{out: out, terminal: terminal, tasks: tasks, said: make([]task.State, len(tasks))}
	for _, t := range tasks {
		v.records = append(v.records, t.Record())
	}
	return v
}

// show takes in what a task is like now.
func (v *view) show(r task.Record) {
	i := slices.IndexFunc(v.tasks, func(t *task.Task) bool { return t.UPID() == r.UPID })
	v.records[i] = r
	if v.terminal {
		v.redraw()
	} else if v.said[i] != r.State {
		fmt.Fprintf(v.out, "%-14s %s\n", name(r), words(r))
		v.said[i] = r.State
	}
}

// finish shows how each task ended, also one that was over before anybody watched.
func (v *view) finish() {
	for _, t := range v.tasks {
		v.show(t.Record())
	}
}

// redraw writes the bars over those that it wrote before.
func (v *view) redraw() {
	var screen strings.Builder
	if v.drawn {
		fmt.Fprintf(&screen, "\x1b[%dA", len(v.records)) // up to the first bar
	}
	for _, r := range v.records {
		screen.WriteString("\x1b[2K" + bar(r) + "\n") // in place of the line as it was
	}
	io.WriteString(v.out, screen.String()) // with one call, so that it does not flicker
	v.drawn = true
}

// name is what people call the task.
func name(r task.Record) string { return path.Base(r.Source) }

// isTerminal tells whether what is written to f is seen by somebody at once.
func isTerminal(f *os.File) bool {
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
