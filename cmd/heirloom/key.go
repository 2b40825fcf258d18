package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/heirloom-backup/heirloom/datastore"
)

func (p *program) keyCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "key",
		Short: "List, add, change and remove the passphrases of an encrypted store",
		Args:  cobra.ArbitraryArgs,
		RunE:  chooser,
	}
	cmd.AddCommand(p.keyListCommand(), p.keyAddCommand(), p.keyChangeCommand(), p.keyRemoveCommand())
	return cmd
}

func (p *program) keyListCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "list",
		Short: "List the keys; the one in use has a star",
		Args:  wants(0, 0),
		RunE: p.action(func(ctx context.Context, _ []string) error {
			return p.withStore(ctx, func(store openStore) error {
				keys, err := store.Keys(ctx)
				if err != nil {
					return err
				}
				return p.printKeys(keys)
			})
		}),
	}
}

func (p *program) keyRemoveCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "remove ID",
		Short: "Remove a key: its passphrase no longer opens the store",
		Args:  wants(1, 1),
		RunE: p.action(func(ctx context.Context, args []string) error {
			return p.withStore(ctx, func(store openStore) error {
				if err := store.RemoveKey(ctx, args[0]); err != nil {
					return err
				}
				return p.reportKey("removed", args[0])
			})
		}),
	}
}

// keyJSON is what scripts learn of a key.
type keyJSON struct {
	ID      string `json:"id"`
	Label   string `json:"label"`
	Created stamp  `json:"created"`
	Current bool   `json:"current"` // it opened the store for this run
}

func (p *program) printKeys(keys []datastore.Key) error {
	if p.json {
		list := make([]keyJSON, len(keys))
		for i, k := range keys {
			list[i] = keyJSON{k.ID, escape(k.Label), stamp(k.Created), k.Current}
		}
		return writeJSON(p.Stdout, list)
	}
	w := p.table("ID\tCREATED\tLABEL")
	for _, k := range keys {
		star := ""
		if k.Current {
			star = " *"
		}
		fmt.Fprintf(w, "%s%s\t%s\t%s\n", k.ID, star, p.clock(k.Created), printable(k.Label))
	}
	return w.Flush()
}

// reportKey says what became of a key.
func (p *program) reportKey(done, id string) error {
	if p.json {
		return writeJSON(p.Stdout, struct {
			ID string `json:"id"`
		}{id})
	}
	return p.say("%s key %s", done, id)
}
