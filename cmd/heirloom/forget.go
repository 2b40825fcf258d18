package main

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"github.com/heirloom-backup/heirloom/datastore"
)

func (p *program) forgetCommand() *cobra.Command {
	var reason string
	cmd := &cobra.Command{
		Use:   "forget [--reason TEXT] ADDRESS",
		Short: "Delete one snapshot",
		Long: "Delete one snapshot, unless it is held. The deletion and its reason are recorded. Its data stays until a gc finds\n" +
			"that no other snapshot needs it; until then it comes back with: heirloom undelete ADDRESS\n\n" +
			"Of a snapshot that has vanished though nobody removed it, forget accepts the loss: gc is refused until then.",
		Args: wants(1, 1),
		RunE: p.action(func(ctx context.Context, args []string) error { return p.forget(ctx, args[0], reason) }),
	}
	cmd.Flags().StringVar(&reason, "reason", "by hand", "`TEXT` to record")
	return cmd
}

func (p *program) forget(ctx context.Context, address, reason string) error {
	a, err := datastore.ParseAddress(address)
	if err != nil {
		return &usageError{err}
	}
	return p.withStore(ctx, func(store openStore) error {
		sn, err := store.Find(ctx, a)
		switch {
		case errors.Is(err, datastore.ErrNoSnapshot), errors.As(err, new(*datastore.ManifestError)):
			return p.forgetVanished(ctx, store, a, reason, err)
		case err != nil:
			return err
		}
		if err := store.Forget(ctx, sn, reason); err != nil {
			return err
		}
		return p.reportForgotten(sn.Address(), reason, false)
	})
}

// forgetVanished accepts the loss of a snapshot that is not there, if it should be: else absent says so. It wants to be
// told which: of those that are not there none is the latest.
func (p *program) forgetVanished(
	ctx context.Context, store openStore, a datastore.Address, reason string, absent error,
) error {
	lost, err := store.Lost(ctx)
	if err != nil {
		return err
	}
	for _, v := range lost {
		if v.Address.Group == a.Group && v.Address.Time.Equal(a.Time) {
			if err := store.Acknowledge(ctx, v, reason); err != nil {
				return err
			}
			return p.reportForgotten(a, reason, true)
		}
	}
	broken := (*datastore.ManifestError)(nil)
	if errors.As(absent, &broken) && !a.Time.IsZero() { // and the ledger does not know it
		if err := store.Acknowledge(ctx, datastore.Vanished{Address: a, Object: broken.Object}, reason); err != nil {
			return err
		}
		return p.reportForgotten(a, reason, true)
	}
	return absent
}

func (p *program) reportForgotten(a datastore.Address, reason string, vanished bool) error {
	if p.json {
		return writeJSON(p.Stdout, struct {
			Snapshot string `json:"snapshot"`
			Reason   string `json:"reason"`
			Vanished bool   `json:"vanished"` // it was gone before
		}{addressText(a), escape(reason), vanished})
	}
	if vanished {
		return p.say("%s had vanished: its loss is accepted and recorded", addressText(a))
	}
	return p.say("forgot %s", addressText(a))
}
