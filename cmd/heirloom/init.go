package main

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/heirloom-backup/heirloom/datastore"
	"github.com/heirloom-backup/heirloom/datastore/backend"
	"github.com/heirloom-backup/heirloom/datastore/backend/dirstore"
)

func (p *program) initCommand() *cobra.Command {
	var o datastore.CreateOptions
	cmd := &cobra.Command{
		Use:   "init [--encrypt]",
		Short: "Create a store",
		Long: "Create a store in an empty folder, which is made if need be.\n\n" +
			"With --encrypt nobody reads it without a passphrase: a lost passphrase is a lost store.",
		Args: wants(0, 0),
		RunE: p.action(func(ctx context.Context, _ []string) error { return p.create(ctx, o) }),
	}
	cmd.Flags().BoolVar(&o.Encrypt, "encrypt", false, "encrypt everything under a passphrase")
	cmd.Flags().StringVar(&o.Label, "label", "", "`TEXT` that tells the first key from later ones")
	return cmd
}

func (p *program) create(ctx context.Context, o datastore.CreateOptions) (err error) {
	o.Now = p.Now
	if _, err := parseLocation(p.storeURL); err != nil { // before anybody is asked anything
		return &usageError{err}
	}
	if !o.Encrypt && (o.Label != "" || p.passphraseFile != "") {
		return wrongUsage("a passphrase or a label is for an encrypted store: add --encrypt")
	}
	if o.Encrypt {
		if o.Passphrase, err = p.chosen(ctx, p.passphraseSource()); err != nil {
			return err
		}
	}
	err = p.withBackend(dirstore.Options{Create: true}, func(b backend.Backend) error {
		return datastore.Create(ctx, b, o)
	})
	if err != nil {
		return err
	}
	if dir, err := p.chosenCache(); err == nil {
		p.remember(dir, o.Encrypt)
	}
	return p.reportCreated(o.Encrypt)
}

func (p *program) reportCreated(encrypted bool) error {
	if p.json {
		return writeJSON(p.Stdout, struct {
			Store     string `json:"store"`
			Encrypted bool   `json:"encrypted"`
		}{escape(p.storeURL), encrypted})
	}
	if !encrypted {
		return p.say("created a store in %s", p.storeURL)
	}
	p.note("without the passphrase the store cannot be read: keep it somewhere else, too")
	return p.say("created an encrypted store in %s", p.storeURL)
}
