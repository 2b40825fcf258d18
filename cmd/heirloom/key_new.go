package main

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/heirloom-backup/heirloom/datastore"
)

// newKeyFlags describe a key that is to be made.
type newKeyFlags struct{ passphraseFile, label string }

func (f *newKeyFlags) add(cmd *cobra.Command) {
	cmd.Flags().StringVar(&f.passphraseFile, "new-passphrase-file", "",
		"read the new passphrase from `FILE` (HEIRLOOM_NEW_PASSPHRASE holds it itself)")
	cmd.Flags().StringVar(&f.label, "label", "", "`TEXT` that tells the key from others")
}

func (p *program) keyAddCommand() *cobra.Command {
	var f newKeyFlags
	cmd := &cobra.Command{
		Use:   "add",
		Short: "Let another passphrase open the store",
		Args:  wants(0, 0),
		RunE: p.action(func(ctx context.Context, _ []string) error {
			return p.makeKey(ctx, f, "added", (*datastore.Store).AddKey)
		}),
	}
	f.add(cmd)
	return cmd
}

func (p *program) keyChangeCommand() *cobra.Command {
	var f newKeyFlags
	cmd := &cobra.Command{
		Use:   "change",
		Short: "Replace the passphrase that opens the store now",
		Args:  wants(0, 0),
		RunE: p.action(func(ctx context.Context, _ []string) error {
			return p.makeKey(ctx, f, "replaced the key by", (*datastore.Store).ChangeKey)
		}),
	}
	f.add(cmd)
	return cmd
}

// keyMaker is how the library makes a key; it returns its id.
type keyMaker func(s *datastore.Store, ctx context.Context, passphrase []byte, label string) (string, error)

func (p *program) makeKey(ctx context.Context, f newKeyFlags, done string, make keyMaker) error {
	return p.withStore(ctx, func(store openStore) error {
		if !store.Encrypted() { // before anybody is asked for a passphrase in vain
			return datastore.ErrNotEncrypted
		}
		from := secretSource{f.passphraseFile, "HEIRLOOM_NEW_PASSPHRASE", "new passphrase: ", errNoNewPassphrase}
		passphrase, err := p.chosen(ctx, from)
		if err != nil {
			return err
		}
		id, err := make(store.Store, ctx, passphrase, f.label)
		if err != nil {
			return err
		}
		return p.reportKey(done, id)
	})
}
