package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/heirloom-backup/heirloom/task"
)

// whenCancelled is the annotation of a command that says what is left when it is cancelled, and what to do next.
const whenCancelled = "when cancelled"

// complain writes the error of a command as one line: what was tried, on what, why, and what to do next.
func (p *program) complain(ctx context.Context, command *cobra.Command, err error) {
	reason, next := "", ""
	switch s := statusOf(ctx, err); {
	case s == statusCancelled:
		reason, next = cancelledBy(err), command.Annotations[whenCancelled]
	case err == nil || as[status](err):
		return // all is said
	case s == statusUsage:
		reason, next = err.Error(), cmp.Or(p.advice(err), "see: "+command.CommandPath()+" --help")
	default:
		reason, next = err.Error(), p.advice(err)
	}
	line := command.CommandPath() + ": " + reason
	if next != "" {
		line += "; " + next
	}
	fmt.Fprintln(p.Stderr, oneLine(line))
}

// cancelledBy says who cancelled the run, if it was not whoever started it.
func cancelledBy(err error) string {
	if by := new(task.CancelError); errors.As(err, &by) {
		return by.Error()
	}
	return "cancelled"
}

// oneLine joins the lines of an error and makes what would move a terminal's cursor visible: errors quote names that
// anybody may have chosen.
func oneLine(s string) string {
	return printable(strings.ReplaceAll(strings.TrimRight(s, "\n"), "\n", "; "))
}
