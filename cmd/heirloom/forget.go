package main

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/heirloom-backup/heirloom/datastore"
)

func (p *program) forgetCommand() *cobra.Command {
	var reason string
	cmd := &cobra.Command{
		Use:   "forget [--reason TEXT] ADDRESS",
		Short: "Delete one snapshot",
		Long: "Delete one snapshot. Its data stays until a collection of the store finds that no other snapshot needs it.\n" +
			"The deletion and its reason are recorded.",
		Args: wants(1, 1),
		RunE: p.action(func(ctx context.Context, args []string) error { return p.forget(ctx, args[0], reason) }),
	}
	cmd.Flags().StringVar(&reason, "reason", "by hand", "`TEXT` to record")
	return cmd
}

func (p *program) forget(ctx context.Context, address, reason string) error {
	return p.withSnapshot(ctx, address, func(store openStore, sn *datastore.Snapshot) error {
		if err := store.Forget(ctx, sn, reason); err != nil {
			return err
		}
		if p.json {
			return writeJSON(p.Stdout, struct {
				Snapshot string `json:"snapshot"`
				Reason   string `json:"reason"`
			}{addressText(sn.Address()), reason})
		}
		return p.say("forgot %s", addressText(sn.Address()))
	})
}
