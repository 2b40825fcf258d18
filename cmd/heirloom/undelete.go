package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/heirloom-backup/heirloom/datastore"
)

func (p *program) undeleteCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "undelete ADDRESS",
		Short: "Bring a removed snapshot back",
		Long: "Bring a snapshot back that was removed, or that has vanished though nobody removed it. That is possible until\n" +
			"a gc has freed what it needs; which ones were removed is shown by: heirloom snapshots --pruned\n" +
			"With latest for its TIME, the latest of those removed.",
		Args: wants(1, 1),
		RunE: p.action(func(ctx context.Context, args []string) error { return p.undelete(ctx, args[0]) }),
	}
}

func (p *program) undelete(ctx context.Context, address string) error {
	a, err := datastore.ParseAddress(address)
	if err != nil {
		return &usageError{err}
	}
	return p.withStore(ctx, func(store openStore) error {
		gone, err := store.FindPruned(ctx, a)
		if errors.Is(err, datastore.ErrNoSnapshot) {
			err = fmt.Errorf("%w that was removed, or a gc has freed what it needs", err)
		}
		if err != nil {
			return err
		}
		back, err := store.Undelete(ctx, gone)
		if err != nil {
			return err
		}
		return p.reportChanged("brought back", back)
	})
}
