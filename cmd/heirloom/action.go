package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"
)

// failure is an error of a command that was understood. Whatever else comes out of a run is wrong usage.
type failure struct{ err error }

func (f *failure) Error() string { return f.err.Error() }

func (f *failure) Unwrap() error { return f.err }

// action makes a function the body of a command.
func (p *program) action(do func(ctx context.Context, args []string) error) func(*cobra.Command, []string) error {
	return func(cmd *cobra.Command, args []string) error {
		err := p.profiled(func() error { return do(cmd.Context(), args) })
		if err == nil {
			return nil
		}
		return &failure{err}
	}
}

// usageError is a command line that cannot be carried out as it stands.
type usageError struct{ err error }

func (u *usageError) Error() string { return u.err.Error() }

func (u *usageError) Unwrap() error { return u.err }

func wrongUsage(format string, a ...any) error { return &usageError{fmt.Errorf(format, a...)} }

// wants accepts from least to most arguments, a negative most meaning any number; otherwise it says what the command
// looks like.
func wants(least, most int) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) >= least && (most < 0 || len(args) <= most) {
			return nil
		}
		return fmt.Errorf("%d arguments do not fit; the form is: %s", len(args), cmd.UseLine())
	}
}

// chooser is the body of a command that only has others below it.
func chooser(cmd *cobra.Command, args []string) error {
	if len(args) > 0 {
		return fmt.Errorf("unknown command %q", args[0])
	}
	var names []string
	for _, c := range cmd.Commands() {
		names = append(names, c.Name())
	}
	return fmt.Errorf("one of its commands is needed: %s", strings.Join(names, ", "))
}
