package main

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/heirloom-backup/heirloom/restore"
)

func (p *program) catCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "cat ADDRESS PATH",
		Short: "Write one file of a snapshot to stdout",
		Args:  wants(2, 2),
		RunE: p.action(func(ctx context.Context, args []string) error {
			return p.withContent(ctx, args[0], args[1], func(c content) error { return p.cat(ctx, c, restore.Options{}) })
		}),
	}
}

// cat writes a file, image or stream to stdout.
func (p *program) cat(ctx context.Context, c content, o restore.Options) error {
	result, err := restore.Write(ctx, c.store, c.path, &c.entry, p.Stdout, o)
	if err != nil {
		return err
	}
	return p.nameRestored(result)
}
